import { inboxContract } from './contract/inbox.ts';
import { messagesContract } from './contract/messages.ts';
import type { MakePlace } from './contract/place.ts';
import { unsentContract } from './contract/unsent.ts';
import { wipeContract } from './contract/wipe.ts';
import { writerContract } from './contract/writer.ts';

/** What every LocalStore keeps. */
export const storeContract = (name: string, makePlace: MakePlace, fuzzRuns = 60): void => {
  inboxContract(name, makePlace);
  writerContract(name, makePlace);
  messagesContract(name, makePlace, fuzzRuns);
  unsentContract(name, makePlace);
  wipeContract(name, makePlace);
};
