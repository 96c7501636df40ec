import { fanOut } from '@lockstep/db';
import { hash, type InboxEntry, type Message, type StateDigest } from '@lockstep/protocol';
import { createEngine, createTransport, type Engine } from '@lockstep/sync';
import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest';
import { SecondClient } from '../../../../../docs/examples/second-client.ts';
import { type Account, STRICT, signUp, startServer, type TestServer, until } from '../server.ts';

/** A conversation of more members than these is too large for the inbox. */
export const THRESHOLD = 3;

/** What `ownServer` has started for the tests of this file. */
export let server: TestServer;
let stop: (() => void)[] = [];

/** Called once in a file: its tests share a server, and each stops the devices it has started. */
export const ownServer = (): void => {
  beforeAll(async () => {
    server = await startServer({ FANOUT_THRESHOLD: String(THRESHOLD), ...STRICT });
  });
  afterEach(() => {
    for (const end of stop.splice(0)) end();
    vi.unstubAllGlobals();
  });
  afterAll(() => server?.close());
};

export interface Scene {
  ann: Account;
  ben: Account;
  id: string;
  engine: Engine;
  client: SecondClient;
}

export const start = async (client: SecondClient): Promise<void> => {
  client.line.start();
  await expect.poll(() => client.line.connection === 'online' && !client.busy).toBe(true);
};

/**
 * docs/sync.md says that another client could be made from it alone. One was (docs/examples): here it is a device of
 * Ann beside our own engine, and must end where the engine and the server do, whatever it missed.
 *
 * The scene is a group of Ann and Ben; Ann has it open on both of her devices.
 */
export const scene = async (): Promise<Scene> => {
  const [ann, ben] = [await signUp(server.url, 'Ann'), await signUp(server.url, 'Ben')];
  const made = await ben.http.mutate('conversations.createGroup', {
    title: 'Tea',
    userIds: [ann.me.id],
  });
  const { id } = made.conversation;
  const { url } = server;
  const engine = createEngine({
    userId: ann.me.id,
    transport: createTransport({ url, headers: ann.headers }),
  });
  const client = new SecondClient(url, ann.headers.cookie, ann.me.id);
  stop = [() => engine.stop(), () => client.line.stop()];
  engine.start();
  await until(engine, 'caught up', () => engine.getState().caughtUp && engine.getState().inbox.has(id));
  await start(client);
  await Promise.all([engine.open(id), client.open(id)]);
  return { ann, ben, id, engine, client };
};

export const say = (who: Account, conversationId: string, body: string): Promise<Message> =>
  who.http.mutate('messages.send', { conversationId, clientId: crypto.randomUUID(), body });

export const texts = (client: SecondClient, id: string) =>
  client.state.timelines.get(id)?.messages.flatMap(({ system, body }) => (system ? [] : [body]));

export const shows = (client: SecondClient, id: string, expected: (string | null)[]) =>
  expect.poll(() => texts(client, id)).toEqual(expected);

/** An object as its pairs, sorted by key, at every depth. */
const inOrder = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => [key, inOrder(inner)]);
};

/** The digest as docs/sync.md writes it down, without the functions that both sides share. */
const byThePage = ({ state }: SecondClient): Omit<StateDigest, 'ranges'> & { ranges: string[] } => {
  const fields = (m: Message) => {
    const system = m.system && inOrder(m.system);
    const more = [inOrder(m.content ?? {}), inOrder(m.annotations ?? {})];
    const known = [m.seq, m.rev, m.senderId, m.clientId, m.body, m.createdAt, system];
    return m.content || m.annotations ? [...known, ...more] : known;
  };
  const entry = (e: InboxEntry) => {
    const c = e.conversation;
    return hash(
      JSON.stringify([
        [c.id, c.kind, c.visibility, c.title, c.topic, c.memberCount, c.headSeq, c.headRev],
        [e.role, e.peerId, e.readSeq, e.markedUnread, e.unread, e.mentions],
        [e.draft?.text ?? '', e.draft?.version ?? 0],
        [e.mutedUntil, e.pinnedAt, e.archivedSeq, e.placeSeq],
        e.last && fields(e.last),
      ]),
    );
  };
  const conversations = Object.fromEntries([...state.entries].map(([id, e]) => [id, entry(e)]));
  const lines = Object.keys(conversations).sort();
  const runs = [...state.timelines.values()].map(({ messages }) =>
    hash(JSON.stringify(messages.map(fields))),
  );
  return {
    overall: hash(lines.map((id) => `${id} ${conversations[id]}`).join('\n')),
    conversations,
    ranges: runs,
  };
};

/** Second client, engine and server hold the same, and the client's timelines are whole (rule 12). */
export const agree = async ({ ann, engine, client }: Scene): Promise<void> => {
  await expect
    .poll(
      async () => {
        // What the worker does.
        const ids = [...engine.getState().inbox.keys()];
        await fanOut(server.backend.core.db, ids, { threshold: THRESHOLD });
        if (client.busy || engine.getState().outbox.length > 0) return 'busy';
        const { ranges, ...own } = client.state.digest();
        const asked = ranges.map(({ digest: _, ...range }) => range);
        const theirs = await ann.http.mutate('sync.digest', { ranges: asked });
        const runs = ranges.map(({ digest }) => digest);
        const { overall } = engine.digest();
        const same = JSON.stringify([own.overall, runs]) === JSON.stringify([theirs.overall, theirs.ranges]);
        return (
          (same && overall === theirs.overall) || {
            own,
            runs,
            theirs,
            engine: engine.digest(),
          }
        );
      },
      { interval: 100 },
    )
    .toBe(true);
  const { ranges, ...rest } = client.state.digest();
  expect(byThePage(client)).toEqual({ ...rest, ranges: ranges.map(({ digest }) => digest) });
  for (const [id, { messages }] of client.state.timelines) {
    const { headSeq } = client.state.entries.get(id)?.conversation ?? {};
    expect(messages.map(({ seq }) => seq)).toEqual(Array.from({ length: headSeq ?? 0 }, (_, i) => i + 1));
  }
};
