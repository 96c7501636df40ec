import {
  API_PATH,
  type DigestRange,
  OLDEST_VERSION,
  PROTOCOL_VERSION,
  VERSION_HEADER,
} from '@lockstep/protocol';
import { createEngine, createTransport, type Engine, type HttpOptions } from '@lockstep/sync';
import { MemoryDisk, MemoryStore } from '@lockstep/sync/store/memory';
import { type TestDatabase, testDatabase } from '@lockstep/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Account, signUp, startWeb, type TestServer, until } from './server.ts';

/** Two processes of one database: one stands for a server that is older than this build, the other for a newer one. */
let database: TestDatabase;
let older: TestServer;
let newer: TestServer;
const engines: Engine[] = [];

const start = (protocol: string) =>
  startWeb(database.url, { LOCKSTEP_TEST: '1', LOCKSTEP_PROTOCOL: protocol, PUSH: 'postgres' });

beforeAll(async () => {
  database = await testDatabase();
  older = await start(`2-${PROTOCOL_VERSION - 1}`);
  newer = await start(`${OLDEST_VERSION}-${PROTOCOL_VERSION + 1}`);
});
afterEach(() => {
  for (const engine of engines.splice(0)) engine.stop();
});
afterAll(async () => {
  await older.close();
  await newer.close();
  await database.drop();
});

interface Which {
  at: TestServer;
  versions?: HttpOptions['versions'];
  disk?: MemoryDisk;
}

const device = ({ me, headers }: Account, { at: { url }, versions, disk = new MemoryDisk() }: Which) => {
  const transport = createTransport({
    url,
    headers: { ...headers, origin: url },
    ...(versions === undefined ? {} : { versions }),
  });
  const store = new MemoryStore({ userId: me.id, disk, kind: 'disk' });
  const engine = createEngine({ userId: me.id, transport, store });
  engines.push(engine);
  engine.start();
  return engine;
};

const notes = async (): Promise<{ ann: Account; id: string }> => {
  const ann = await signUp(newer.url, 'Ann');
  const { conversation } = await ann.http.mutate('conversations.openDirect', { userId: ann.me.id });
  return { ann, id: conversation.id };
};

const texts = async ({ http }: Account, conversationId: string) =>
  (await http.query('messages.before', { conversationId })).messages
    .filter(({ system }) => system === null)
    .map(({ body }) => body);

const online = (engine: Engine) =>
  until(engine, 'online', () => {
    const { connection, caughtUp, blocked } = engine.getState();
    return connection === 'online' && caughtUp && blocked === null;
  });

const blocked = (engine: Engine) =>
  until(engine, 'of a version that is not served', () => engine.getState().blocked === 'version');

const of = (oldest: number, current: number) => ({ oldest, current });

describe('versions that go together', () => {
  it.each([
    ['a client that says none, as before', 'newer', null],
    ['the oldest that the server serves', 'newer', of(OLDEST_VERSION, OLDEST_VERSION)],
    ['a client of this build and a newer server', 'newer', undefined],
    ['a client that is newer than the server and knows it', 'newer', of(OLDEST_VERSION, 99)],
    ['a client of this build and an older server', 'older', undefined],
  ] as const)('%s: both go on', async (_, which, versions) => {
    const { ann, id } = await notes();
    const engine = device(ann, {
      at: which === 'older' ? older : newer,
      ...(versions === undefined ? {} : { versions }),
    });
    await online(engine);
    await engine.open(id);
    engine.send(id, 'as ever');
    await until(engine, 'acknowledged', () => engine.getState().outbox.length === 0);
    expect(await texts(ann, id)).toEqual(['as ever']);
    const [held] = engine.digest().ranges;
    const { digest, ...range } = held ?? {};
    const { ranges } = await ann.http.mutate('sync.digest', { ranges: [range as DigestRange] });
    expect(ranges).toEqual([digest]);
  });
});

describe('versions that do not', () => {
  it.each([
    ['an older client is refused by the server', 'newer', of(1, OLDEST_VERSION - 1)],
    ['a newer client refuses an older server', 'older', of(PROTOCOL_VERSION, PROTOCOL_VERSION)],
  ] as const)('%s: what is written waits on disk, and goes out once they do', async (_, which, versions) => {
    const { ann, id } = await notes();
    const disk = new MemoryDisk();
    const before = device(ann, { at: newer, disk });
    await online(before);
    await before.open(id);
    before.send(id, 'first');
    await until(before, 'acknowledged', () => before.getState().outbox.length === 0);
    await before.flush();
    before.stop();

    const refused = device(ann, { at: which === 'older' ? older : newer, versions, disk });
    await blocked(refused);
    const seq = refused.getState().inbox.get(id)?.last?.seq ?? 0;
    refused.send(id, 'second');
    await refused.edit(id, seq, 'first, edited');
    refused.markRead(id, seq);
    refused.setDraft(id, 'third');
    await until(refused, 'tried', () => [...refused.getState().commands.values()].some((c) => c.tries > 0));
    await blocked(refused);
    await refused.flush();
    const waiting = [...disk.commands.values()].map(({ name, state, error }) => [name, state, error]);
    expect(waiting.sort()).toEqual([
      ['draft', 'pending', null],
      ['edit', 'pending', null],
      ['send', 'pending', null],
    ]);
    expect(await texts(ann, id)).toEqual(['first']);
    expect(refused.getState()).toMatchObject({ connection: 'offline', endedBecause: null });
    refused.stop();

    const anew = device(ann, { at: newer, disk });
    await online(anew);
    await until(anew, 'settled', () => anew.getState().commands.size === 0);
    expect(await texts(ann, id)).toEqual(['first, edited', 'second']);
    expect(anew.getState().drafts.get(id)?.text).toBe('third');
  });

  it('an older server that finds a newer call invalid has not refused it', async () => {
    const { ann, id } = await notes();
    const disk = new MemoryDisk();
    // What only a newer server would take.
    const ahead = device(ann, { at: older, disk });
    await online(ahead);
    ahead.send(id, 'x'.repeat(20_000));
    await until(ahead, 'tried', () => {
      const [item] = ahead.getState().commands.values();
      return item !== undefined && item.tries > 0 && item.state === 'pending';
    });
    await ahead.flush();
    ahead.stop();

    const anew = device(ann, { at: newer, disk });
    await until(anew, 'refused by a server that is not older', () => {
      const [item] = anew.getState().outbox;
      return item?.state === 'failed' && item.error === 'invalid_input';
    });
  });

  it('a call that a newer client makes and the server does not have yet is not refused for good', async () => {
    const { ann } = await notes();
    const call = async (version: number | null) => {
      const said: Record<string, string> = version === null ? {} : { [VERSION_HEADER]: String(version) };
      const response = await fetch(`${newer.url}${API_PATH}messages.pin`, {
        method: 'POST',
        headers: { ...ann.headers, ...said, 'content-type': 'application/json' },
        body: '{}',
      });
      return ((await response.json()) as { error: { data: { code: string } } }).error.data.code;
    };
    expect(await call(PROTOCOL_VERSION + 2)).toBe('version_not_served');
    for (const version of [null, PROTOCOL_VERSION, PROTOCOL_VERSION + 1])
      expect(await call(version), String(version)).toBe('not_found');
  });
});

it('the server says its version with every answer, also where it refuses', async () => {
  const { ann, id } = await notes();
  const ask = (path: string, init: RequestInit = {}) => fetch(`${newer.url}${API_PATH}${path}`, init);
  const post = (version: string) => ({
    method: 'POST',
    headers: { ...ann.headers, 'content-type': 'application/json', [VERSION_HEADER]: version },
    body: JSON.stringify({ conversationId: id, clientId: crypto.randomUUID(), body: 'hello' }),
  });
  const answers = [
    await ask('me.get', { headers: ann.headers }),
    await ask('me.get'),
    await ask('no.such'),
    await ask('messages.send', post(String(PROTOCOL_VERSION))),
    await ask('messages.send', post(String(OLDEST_VERSION - 1))),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 401, 404, 200, 412]);
  for (const answer of answers) expect(answer.headers.get(VERSION_HEADER)).toBe(String(PROTOCOL_VERSION + 1));
  const refused = (await answers.at(-1)?.json()) as { error: { data: object } };
  expect(refused.error.data).toMatchObject({
    code: 'version_not_served',
    versions: { oldest: OLDEST_VERSION, current: PROTOCOL_VERSION + 1 },
  });
});
