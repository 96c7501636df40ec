import type { MakeStore } from './contract/fixture.ts';
import { inboxContract } from './contract/inbox.ts';
import { messagesContract } from './contract/messages.ts';
import { unsentContract } from './contract/unsent.ts';
import { wipeContract } from './contract/wipe.ts';
import { writerContract } from './contract/writer.ts';

/** What every LocalStore keeps. */
export const storeContract = (name: string, makeStore: MakeStore, fuzzRuns = 60): void => {
  inboxContract(name, makeStore);
  writerContract(name, makeStore);
  messagesContract(name, makeStore, fuzzRuns);
  unsentContract(name, makeStore);
  wipeContract(name, makeStore);
};
