import type { Message, SearchHit, SearchPage } from '@lockstep/protocol';
import { parseSearch } from '@lockstep/protocol';
import { createLocalSearch, type DeviceAnswer, DeviceSearcher, type ToWorker } from '@lockstep/search/device';
import type { SyncState } from '@lockstep/sync';
import type { Ledger } from './ledger.ts';
import type { Stage } from './stage.ts';
import type { Tab } from './tab.ts';
import { must } from './violation.ts';

/**
 * What a device holds at one moment. Time stands still during a search, but a tab that was frozen goes on: it may hold
 * more by the end.
 */
interface HeldNow {
  name: string;
  state: SyncState;
  /** By conversation. */
  onDisk: ReadonlyMap<string, readonly Message[]>;
}

/** Looks for a text on a device and at the server, and checks both answers, at one moment. */
export const searchEverywhere = async (stage: Stage, tab: Tab, words: string): Promise<void> => {
  const held = heldBy(tab);
  checkDeviceHits(held, stage.ledger, words, await searchDevice(held, words));
  const { userId } = tab.device;
  const before = saidBy(stage.ledger, userId, words);
  const page = (await stage.world.call(userId, 'search.messages', { text: `"${words}"` })) as SearchPage;
  checkServerHits(stage.ledger, userId, words, page, before);
};

const has = ({ body }: Message, words: string) => body?.match(/\btext \d+$/)?.[0] === words;

/** All that a device finds in what it holds, as its page asks for it. */
const searchDevice = async ({ state, onDisk }: HeldNow, words: string): Promise<SearchHit[]> => {
  const search = createLocalSearch({
    getState: () => state,
    startWorker: () => workerOn(onDisk),
    timeZone: () => 'UTC',
  });
  const { query } = parseSearch(`"${words}"`);
  const hits = await new Promise<SearchHit[]>((resolve, reject) => {
    search.search(query, (found) => found.done && resolve(found.hits)).catch(reject);
  });
  search.close();
  return hits;
};

/** What a browser runs in a worker, here. */
const workerOn = (onDisk: HeldNow['onDisk']): Worker => {
  const answer = (data: DeviceAnswer) => worker.onmessage?.({ data } as MessageEvent);
  const searcher = new DeviceSearcher(
    {
      refresh: async (take) => {
        for (const [id, messages] of onDisk) take(id, messages);
      },
    },
    answer,
  );
  const worker = {
    onmessage: null as Worker['onmessage'] | null,
    onerror: null,
    postMessage: (asked: ToWorker) => 'run' in asked && void searcher.search(asked.run, asked.plan),
    terminate: () => {},
  } as unknown as Worker;
  return worker;
};

const heldBy = ({ name, state, device: { disk } }: Tab): HeldNow => ({
  ...{ name, state },
  onDisk: new Map(
    [...disk.held].map(([id, { ranges }]) => [
      id,
      ranges.flatMap(([from, to]) =>
        Array.from({ length: to - from + 1 }, (_, i) => disk.messages.get(id)?.get(from + i) ?? []).flat(),
      ),
    ]),
  ),
});

/** Everything that this device holds and that fits is found, as it was said, and nothing else. */
const checkDeviceHits = (
  { name, state, onDisk }: HeldNow,
  ledger: Ledger,
  words: string,
  hits: readonly SearchHit[],
): void => {
  for (const { message } of hits) {
    const said = ledger.changes(message.conversationId).get(message.rev);
    must(
      said?.seq === message.seq && said.body === message.body && has(message, words),
      12,
      'search-hit',
      () => `${name}: found "${message.body}" for "${words}", which is not what was said`,
    );
    must(state.inbox.has(message.conversationId), 10, 'search-left', () => `${name}: found in what was left`);
  }
  const found = new Set(hits.map(({ message }) => `${message.conversationId} ${message.seq}`));
  for (const id of state.inbox.keys()) {
    const shown = state.timelines.get(id)?.messages ?? [];
    const seqs = new Set(shown.map(({ seq }) => seq));
    const held = [...shown, ...(onDisk.get(id) ?? []).filter(({ seq }) => !seqs.has(seq))];
    for (const message of held)
      must(!has(message, words) || found.has(`${id} ${message.seq}`), 12, 'search-missed', () => {
        return `${name}: holds "${message.body}" and does not find it by "${words}"`;
      });
  }
};

/** What this person was told is stored, and may still see as it was said. */
const saidBy = (ledger: Ledger, userId: string, words: string): Message[] =>
  [...ledger.acknowledged].flatMap(([clientId, { conversationId, seq }]) => {
    const message = ledger.messages(conversationId)[seq - 1];
    const isOwn = message?.clientId === clientId && message.senderId === userId;
    return isOwn && has(message, words) && !ledger.wasOut(conversationId, userId) ? message : [];
  });

/** Rule 11: what was sent is found as soon as its send has returned. Nothing is found that was not said. */
const checkServerHits = (
  ledger: Ledger,
  userId: string,
  words: string,
  { hits, reach }: SearchPage,
  before: readonly Message[],
): void => {
  for (const { message } of hits)
    must(
      ledger.changes(message.conversationId).get(message.rev)?.body === message.body,
      11,
      'search-hit',
      () => `the server found "${message.body}", which was not said`,
    );
  if (!reach.complete || reach.cut) return;
  const after = saidBy(ledger, userId, words);
  for (const { conversationId, seq, rev } of before) {
    if (!after.some((m) => m.conversationId === conversationId && m.rev === rev)) continue;
    must(
      hits.some(({ message }) => message.conversationId === conversationId && message.seq === seq),
      11,
      'search-missed',
      () => `"${words}" was sent as seq ${seq} of ${conversationId}, and is not found`,
    );
  }
};
