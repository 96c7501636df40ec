import { seeded } from '@lockstep/testing/sim/random';
import { beforeEach, describe, expect, it } from 'vitest';
import { createEngine } from '../src/engine.ts';
import type { PushHandlers } from '../src/ports.ts';
import type { Engine } from '../src/types.ts';
import { ANN, clock, ownServer, server } from './server.ts';

let engine: Engine;
/** Of each socket that was begun, in order. None comes up by itself. */
let sockets: { handlers: PushHandlers; closed: boolean; places: number[] }[];
let pulls: number;

const READY = { userId: ANN, sessionId: 's', serverTime: 0, protocolVersion: 1 };

ownServer();

beforeEach(async () => {
  const real = server.way(ANN);
  sockets = [];
  pulls = 0;
  engine = createEngine({
    userId: ANN,
    clock,
    random: seeded(2),
    transport: {
      ...real,
      inbox: (...args) => {
        pulls++;
        return real.inbox(...args);
      },
      connect: (handlers) => {
        const socket = { handlers, closed: false, places: [] as number[] };
        sockets.push(socket);
        return {
          typing: () => {},
          watch: async () => [],
          reportCursor: (pos) => socket.places.push(pos),
          close: () => {
            socket.closed = true;
          },
        };
      },
    },
  });
  engine.start();
  await clock.until(() => sockets.length === 1, 1_000);
});

/** The first attempt was given up, and a second one is under way. */
const secondAttempt = async () => {
  await clock.until(() => sockets.length === 2, 60_000);
  expect(sockets[0]?.closed).toBe(true);
  expect(engine.getState().connection).toBe('offline');
};

describe('events of an old socket are ignored', () => {
  it('a late ready does not make the device online, and no cursor is reported to it', async () => {
    await secondAttempt();
    const before = pulls;
    sockets[0]?.handlers.ready(READY);
    await clock.advance(100);
    expect(engine.getState().connection).toBe('offline');
    expect(pulls).toBe(before);
    sockets[1]?.handlers.ready(READY);
    await clock.advance(10_000);
    expect(engine.getState().connection).toBe('online');
    expect(pulls).toBe(before + 1);
    expect(sockets.map(({ places }) => places.length > 0)).toEqual([false, true]);
  });

  it('its close does not affect the new socket', async () => {
    await secondAttempt();
    sockets[1]?.handlers.ready(READY);
    sockets[0]?.handlers.closed({ unauthenticated: false });
    await clock.advance(30_000);
    expect(engine.getState().connection).toBe('online');
    expect(sockets).toHaveLength(2);
  });

  it.each([
    ['that its session is unknown', () => sockets[0]?.handlers.closed({ unauthenticated: true })],
    ['that its session was ended', () => sockets[0]?.handlers.ended({ reason: 'revoked' })],
  ])('%s', async (_, tell) => {
    await secondAttempt();
    tell();
    await clock.advance(100);
    expect(engine.getState()).toMatchObject({ connection: 'offline', endedBecause: null });
  });

  it('all events of the new socket are handled', async () => {
    await secondAttempt();
    sockets[1]?.handlers.ended({ reason: 'revoked' });
    expect(engine.getState()).toMatchObject({ connection: 'ended', endedBecause: 'revoked' });
  });
});

it.each([
  ['revoked', 'revoked'],
  ['expired', 'expired'],
  // An earlier server does not say: then nothing is wiped.
  [undefined, 'expired'],
] as const)('a socket that is refused as %s ends the session as %s', (ended, because) => {
  sockets[0]?.handlers.closed({ unauthenticated: true, ...(ended ? { ended } : {}) });
  expect(engine.getState()).toMatchObject({ connection: 'ended', endedBecause: because });
});

describe('a server that stops as planned', () => {
  const connection = () => engine.getState().connection;
  const ready = (n: number) => sockets[n]?.handlers.ready(READY);
  /** Online, asked to reconnect, and the second socket is under way. */
  const moving = async () => {
    ready(0);
    await clock.advance(1_000);
    sockets[0]?.handlers.reconnect({ withinMs: 2_000 });
    expect(sockets).toHaveLength(1);
    await clock.until(() => sockets.length === 2, 2_000);
  };

  it('the socket in use stays until the next one is ready, which then fetches what was missed (rule 5)', async () => {
    await moving();
    expect([sockets[0]?.closed, connection()]).toEqual([false, 'online']);
    const before = pulls;
    ready(1);
    await clock.advance(10_000);
    expect([sockets[0]?.closed, sockets[1]?.closed, connection()]).toEqual([true, false, 'online']);
    expect(pulls).toBe(before + 1);
    expect(sockets[1]?.places).not.toEqual([]);
    sockets[0]?.handlers.closed({ unauthenticated: false });
    await clock.advance(30_000);
    expect([sockets.length, connection()]).toEqual([2, 'online']);
  });

  it('a next one that fails is tried again, and the device stays online', async () => {
    await moving();
    sockets[1]?.handlers.closed({ unauthenticated: false });
    await clock.until(() => sockets.length === 3, 5_000);
    expect([sockets[0]?.closed, connection()]).toEqual([false, 'online']);
    ready(2);
    expect(sockets.map(({ closed }) => closed)).toEqual([true, true, false]);
  });

  it('when the server is gone first, the next one takes its place', async () => {
    await moving();
    sockets[0]?.handlers.closed({ unauthenticated: false });
    expect(connection()).toBe('connecting');
    await clock.advance(1_000);
    expect(sockets).toHaveLength(2);
    ready(1);
    expect(connection()).toBe('online');
  });

  it('when it is gone before the device has begun, the device connects as after any loss', async () => {
    ready(0);
    sockets[0]?.handlers.reconnect({ withinMs: 60_000 });
    sockets[0]?.handlers.closed({ unauthenticated: false });
    expect(connection()).toBe('connecting');
    await clock.until(() => sockets.length === 2, 5_000);
    ready(1);
    await clock.advance(120_000);
    expect([sockets.length, connection()]).toEqual([2, 'online']);
  });

  it('nothing of either is left once the engine stops', async () => {
    await moving();
    engine.stop();
    expect(sockets.map(({ closed }) => closed)).toEqual([true, true]);
  });
});

describe('where calls work and sockets do not (rule 9)', () => {
  const refuse = (code?: 'wrong_origin') => sockets.at(-1)?.handlers.closed({ unauthenticated: false, code });
  const blocked = () => engine.getState().blocked;

  it('says that sockets are blocked, goes on polling, and takes it back when one comes up', async () => {
    refuse();
    expect(blocked()).toBeNull();
    await clock.until(() => pulls > 0, 60_000);
    while (blocked() === null && sockets.length < 8) {
      const count = sockets.length;
      await clock.until(() => sockets.length > count, 60_000);
      refuse();
    }
    expect([blocked(), engine.getState().connection]).toEqual(['sockets', 'offline']);
    const before = pulls;
    await clock.advance(60_000);
    expect(pulls - before).toBeGreaterThanOrEqual(3);
    engine.wake();
    sockets.at(-1)?.handlers.ready(READY);
    expect([blocked(), engine.getState().connection]).toEqual([null, 'online']);
  });

  it('without a network nothing is blocked', async () => {
    await clock.until(() => pulls > 0, 60_000);
    engine.suspend();
    refuse();
    expect(blocked()).toBeNull();
  });

  it('a page of another origin says so, stops trying, and polls; coming back to it tries once more', async () => {
    refuse('wrong_origin');
    expect(blocked()).toBe('origin');
    const [count, before] = [sockets.length, pulls];
    await clock.advance(10 * 60_000);
    expect(sockets).toHaveLength(count);
    expect(pulls).toBeGreaterThan(before + 10);
    engine.wake();
    expect(sockets).toHaveLength(count + 1);
    sockets.at(-1)?.handlers.ready(READY);
    expect([blocked(), engine.getState().connection]).toEqual([null, 'online']);
  });
});
