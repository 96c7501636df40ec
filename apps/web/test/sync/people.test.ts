import type { PeopleEvent } from '@lockstep/protocol';
import { createEngine, createTransport, type Engine } from '@lockstep/sync';
import { MemoryDisk, MemoryStore } from '@lockstep/sync/store/memory';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Account, signUp, startServer, type TestServer, until } from './server.ts';

/** How what changes of a person reaches the devices of others: real engines on the real server. */
let server: TestServer;
const engines: Engine[] = [];

beforeAll(async () => {
  server = await startServer();
});
afterEach(() => {
  for (const engine of engines.splice(0)) engine.stop();
});
afterAll(() => server?.close());

interface Options {
  disk?: MemoryDisk;
  /** Pushes of people are lost. */
  deaf?: boolean;
  online?: boolean;
}

/** A device, and how often it has asked for people one by one. */
const device = async ({ me, headers }: Account, { disk, deaf, online = true }: Options = {}) => {
  const real = createTransport({ url: server.url, headers });
  const asked: string[][] = [];
  const pushed: PeopleEvent[] = [];
  const engine = createEngine({
    userId: me.id,
    ...(disk ? { store: new MemoryStore({ userId: me.id, disk, kind: 'disk' }) } : {}),
    transport: {
      ...real,
      connect: (handlers) =>
        real.connect({
          ...handlers,
          people: (event) => {
            pushed.push(event);
            if (!deaf) handlers.people(event);
          },
        }),
      people: (ids) => {
        asked.push(ids);
        return real.people(ids);
      },
    },
  });
  engines.push(engine);
  engine.start();
  if (online) await isOnline(engine);
  return { engine, asked, pushed };
};

const isOnline = (engine: Engine) =>
  until(engine, 'online', () => {
    const { connection, caughtUp } = engine.getState();
    return connection === 'online' && caughtUp;
  });

const shows = (engine: Engine, { me }: Account, name: string) =>
  until(engine, name, () => engine.getState().people.get(me.id)?.name === name);

/** From here on nobody is asked for; the push of Ben's message may come before the first pull, and then he is. */
const knows = async (engine: Engine, who: Account, asked: string[][]) => {
  await shows(engine, who, who.me.name);
  asked.length = 0;
};

const rename = ({ http }: Account, name: string) => http.mutate('me.rename', { name });

/** Two people with a conversation in which Ben has written last, so that Ann's list shows him. */
const pair = async () => {
  const [ann, ben] = [await signUp(server.url, 'Ann'), await signUp(server.url, 'Ben')];
  const { conversation } = await ann.http.mutate('conversations.openDirect', {
    userId: ben.me.id,
  });
  const clientId = crypto.randomUUID();
  await ben.http.mutate('messages.send', { conversationId: conversation.id, clientId, body: 'Hello' });
  return { ann, ben };
};

describe('what changes of a person (rule 6)', () => {
  it('reaches people who are online by one push, without a call', async () => {
    const { ann, ben } = await pair();
    const { engine, asked, pushed } = await device(ann);
    await knows(engine, ben, asked);
    const before = engine.getState().peopleRev as number;
    await rename(ben, 'Benjamin');
    await shows(engine, ben, 'Benjamin');
    await rename(ben, 'Ben the Third');
    await shows(engine, ben, 'Ben the Third');
    expect(engine.getState().peopleRev).toBe(before + 2);
    expect(pushed).toHaveLength(2);
    expect(asked).toEqual([]);
  });

  it('reaches a device that lost the push with the next pull (rule 9)', async () => {
    const { ann, ben } = await pair();
    const { engine, asked, pushed } = await device(ann, { deaf: true });
    await knows(engine, ben, asked);
    await rename(ben, 'Benjamin');
    await expect.poll(() => pushed.length).toBe(1);
    expect(engine.getState().people.get(ben.me.id)?.name).toBe('Ben');
    engine.suspend();
    engine.wake();
    await shows(engine, ben, 'Benjamin');
    expect(asked).toEqual([]);
  });

  it('reaches a device that was away, from the cursor on its disk', async () => {
    const { ann, ben } = await pair();
    const disk = new MemoryDisk();
    const first = await device(ann, { disk });
    await shows(first.engine, ben, 'Ben');
    await first.engine.flush();
    first.engine.stop();
    expect(disk.peopleRev).toBe(first.engine.getState().peopleRev);

    await rename(ben, 'Benjamin');
    for (let n = 0; n < 3; n++) await rename(await signUp(server.url, 'Other'), `Other ${n}`);
    const again = await device(ann, { disk });
    await shows(again.engine, ben, 'Benjamin');
    expect(again.asked).toEqual([]);
    await again.engine.flush();
    expect(disk.people.get(ben.me.id)?.name).toBe('Benjamin');
    expect(disk.peopleRev).toBe(again.engine.getState().peopleRev);
  });

  it('is fetched again whole where the cursor is ahead of the server (rule 8), or was never there', async () => {
    const { ann, ben } = await pair();
    const disk = new MemoryDisk();
    const first = await device(ann, { disk });
    await shows(first.engine, ben, 'Ben');
    await first.engine.flush();
    first.engine.stop();
    for (const rev of [1_000_000, null]) {
      const name = `Ben after ${rev}`;
      await rename(ben, name);
      disk.peopleRev = rev;
      const { engine } = await device(ann, { disk });
      await shows(engine, ben, name);
      await until(engine, 'cursor', () => (engine.getState().peopleRev ?? 1_000_000) < 1_000_000);
      await engine.flush();
      engine.stop();
    }
  });

  it('is ordered by `rev`, not by arrival', async () => {
    const { ann, ben } = await pair();
    const { engine } = await device(ann);
    await shows(engine, ben, 'Ben');
    const old = engine.getState().people.get(ben.me.id);
    await rename(ben, 'Benjamin');
    await shows(engine, ben, 'Benjamin');
    // A device that holds the newer state is told the older one by an answer that was under way for longer.
    const [late] = await ann.http.query('people.get', {
      userIds: [ben.me.id],
    });
    expect(late?.rev).toBeGreaterThan(old?.rev ?? 0);
    expect(engine.getState().people.get(ben.me.id)?.rev).toBe(late?.rev);
  });

  it('reaches one’s own other devices too', async () => {
    const { ann } = await pair();
    const { engine } = await device(ann);
    await rename(ann, 'Annette');
    await shows(engine, ann, 'Annette');
  });

  it('is not sent to people who are no longer signed in (rule 10)', async () => {
    const { ann, ben } = await pair();
    const { engine, pushed } = await device(ann);
    await ann.http.mutate('auth.signOut');
    await until(engine, 'ended', () => engine.getState().connection === 'ended');
    const { engine: other, pushed: seen } = await device(ben);
    await rename(ben, 'Benjamin');
    await shows(other, ben, 'Benjamin');
    expect(seen).toHaveLength(1);
    expect(pushed).toEqual([]);
  });
});
