import { LIMITS, LockstepError, type Message } from '@lockstep/protocol';
import { seeded } from '@lockstep/testing/sim/random';
import { beforeEach, describe, expect, it } from 'vitest';
import { createEngine } from '../src/engine.ts';
import type { Transport } from '../src/ports.ts';
import type { Engine } from '../src/types.ts';
import { ANN, BEN, clock, network, ownServer, server, uuid } from './server.ts';

const ID = uuid(100);

ownServer();

beforeEach(() => server.create(ID));

/** A device of Ann, online; `change` replaces parts of its transport. */
const device = async (
  change: (real: Transport) => Partial<Transport> = () => ({}),
  random: () => number = seeded(2),
) => {
  const real = server.way(ANN);
  const transport = { ...real, ...change(real) };
  let ids = 0;
  const options = { userId: ANN, clock, random, newId: () => uuid(1_000 + ++ids) };
  const engine = createEngine({ ...options, transport });
  engine.start();
  await clock.advance(1_000);
  return { engine, net: real.machine, cut: real.cut };
};

const bodies = () => server.bodies(ID);
const shown = (engine: Engine) =>
  engine
    .getState()
    .timelines.get(ID)
    ?.messages.flatMap((m: Message) => m.body ?? []) ?? [];

describe('outbox', () => {
  it('keeps the order of one conversation, one at a time', async () => {
    let flying = 0;
    let most = 0;
    const { engine } = await device((real) => ({
      send: async (...args) => {
        most = Math.max(most, ++flying);
        return real.send(...args).finally(() => flying--);
      },
    }));
    for (let i = 0; i < 10; i++) engine.send(ID, `text ${i}`);
    await clock.advance(5_000);
    expect(bodies()).toEqual(Array.from({ length: 10 }, (_, i) => `text ${i}`));
    expect(most).toBe(1);
    expect(engine.getState().outbox).toEqual([]);
  });

  it('rule 2: a send whose answer was lost is retried under its client id, and stored once', async () => {
    let lost = 3;
    const { engine } = await device((real) => ({
      send: async (...args) => {
        const stored = await real.send(...args);
        if (lost-- > 0) throw new TypeError('fetch failed');
        return stored;
      },
    }));
    network.faults = { ...network.faults, dropPush: 1 };
    engine.send(ID, 'once');
    await clock.until(() => engine.getState().outbox.length === 0, 60_000);
    expect(bodies()).toEqual(['once']);
  });

  it('waits as long as the server asks for', async () => {
    const at: number[] = [];
    const { engine } = await device((real) => ({
      send: async (...args) => {
        at.push(clock.now());
        if (at.length === 1) throw new LockstepError('rate_limited', 'slow down', { retryAfterMs: 20_000 });
        return real.send(...args);
      },
    }));
    engine.send(ID, 'patient');
    await clock.until(() => engine.getState().outbox.length === 0, 60_000);
    expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThanOrEqual(20_000);
  });

  it('after an outage waits no longer than a server asks for that is in a hurry', async () => {
    const at: number[] = [];
    const { engine } = await device(
      (real) => ({
        send: async (...args) => {
          at.push(clock.now());
          if (at.length < 6) throw new TypeError('fetch failed');
          if (at.length === 6) throw new LockstepError('rate_limited', 'slow down', { retryAfterMs: 1_000 });
          return real.send(...args);
        },
      }),
      () => 0.5,
    );
    engine.send(ID, 'soon');
    await clock.until(() => engine.getState().outbox.length === 0, 300_000);
    expect((at[6] ?? 0) - (at[5] ?? 0)).toBeLessThanOrEqual(1_100);
  });

  it('what was on its way when the connection came back, and fails only then, is tried again soon', async () => {
    const at: number[] = [];
    let hung = false;
    const { engine } = await device(
      (real) => ({
        send: async (...args) => {
          at.push(clock.now());
          if (at.length < 6) throw new TypeError('fetch failed');
          if (at.length > 6) return real.send(...args);
          hung = true;
          await new Promise<void>((resolve) => clock.setTimeout(resolve, 10_000));
          throw new TypeError('timed out');
        },
      }),
      () => 0.5,
    );
    engine.send(ID, 'hung');
    await clock.until(() => hung, 300_000);
    engine.suspend();
    engine.wake();
    await clock.until(() => engine.getState().outbox.length === 0, 60_000);
    expect((at[6] ?? 0) - (at[5] ?? 0)).toBeLessThanOrEqual(11_100);
  });

  it('what is refused fails with its code, lets the next one by, and can be tried again or discarded', async () => {
    let refuse = true;
    const { engine } = await device((real) => ({
      send: async (...args) => {
        if (refuse && args[2].body === 'bad') throw new LockstepError('invalid_input');
        return real.send(...args);
      },
    }));
    await engineOpen(engine);
    const bad = engine.send(ID, 'bad');
    const worse = engine.send(ID, 'bad');
    engine.send(ID, 'good');
    await clock.advance(2_000);
    expect(bodies()).toEqual(['good']);
    expect(engine.getState().outbox.map((item) => [item.clientId, item.state, item.error])).toEqual([
      [bad, 'failed', 'invalid_input'],
      [worse, 'failed', 'invalid_input'],
    ]);
    refuse = false;
    engine.discard(worse);
    engine.retry(bad);
    await clock.advance(2_000);
    expect(shown(engine)).toEqual(['good', 'bad']);
    expect(engine.getState().outbox).toEqual([]);
  });
});

const engineOpen = async (engine: Engine) => {
  const opened = engine.open(ID);
  await clock.advance(1_000);
  await opened;
};

describe('catching up', () => {
  it('rule 5: fetches only after `ready`', async () => {
    const order: string[] = [];
    await device((real) => ({
      connect: (handlers) =>
        real.connect({
          ...handlers,
          ready: (event) => {
            order.push('ready');
            handlers.ready(event);
          },
        }),
      inbox: (...args) => {
        order.push('inbox');
        return real.inbox(...args);
      },
    }));
    expect(order).toEqual(['ready', 'inbox']);
  });

  it('the inbox brings windows up to date with it; what it leaves out is pulled', async () => {
    const [MILK, LEMON, FAR] = [uuid(201), uuid(202), uuid(203)];
    const others = [FAR, MILK, LEMON];
    for (const id of others) await server.create(id);
    const calls: string[] = [];
    const { engine, net, cut } = await device((real) => ({
      inbox: (...args) => {
        calls.push('inbox');
        return real.inbox(...args);
      },
      changes: (...args) => {
        calls.push(args[0]);
        return real.changes(...args);
      },
      entry: (...args) => {
        calls.push('entry');
        return real.entry(...args);
      },
    }));
    for (const id of [...others, ID]) {
      const opened = engine.open(id);
      await clock.advance(1_000);
      await opened;
    }
    net.up = false;
    cut();
    await clock.advance(100);
    for (const id of [MILK, ID]) for (let i = 0; i < 3; i++) await server.send(BEN, id, `text ${i}`);
    // More than 1 MB.
    for (let i = 0; i < 45; i++) await server.send(BEN, FAR, '長'.repeat(LIMITS.messageText));
    calls.length = 0;
    net.up = true;
    engine.wake();
    await clock.advance(2_000);
    expect(calls.slice(0, 2)).toEqual(['inbox', FAR]);
    expect(new Set(calls)).toEqual(new Set(['inbox', FAR]));
    for (const id of [...others, ID]) {
      expect(engine.getState().timelines.get(id)).toMatchObject({ rev: server.headRev(id) });
      expect(engine.getState().timelines.get(id)?.messages).toEqual(
        server.messages(id).slice(-(engine.getState().timelines.get(id)?.messages.length ?? 0)),
      );
    }
  });

  it('rule 8: a device far behind is reset to the newest page, without a hole', async () => {
    const { engine, net, cut } = await device();
    await engineOpen(engine);
    net.up = false;
    cut();
    for (let i = 0; i < 1_200; i++) await server.send(BEN, ID, `text ${i}`);
    net.up = true;
    engine.wake();
    await clock.advance(5_000);
    const timeline = engine.getState().timelines.get(ID);
    expect(timeline).toMatchObject({ rev: 1_202, hasBefore: true, hasAfter: false });
    expect(timeline?.messages.at(-1)?.body).toBe('text 1199');
    const seqs = timeline?.messages.map((m) => m.seq) ?? [];
    expect(seqs).toEqual(seqs.map((_, i) => (seqs[0] ?? 0) + i));
  });

  it('pulls of one conversation never overlap', async () => {
    let flying = 0;
    let most = 0;
    const { engine } = await device((real) => ({
      changes: async (...args) => {
        most = Math.max(most, ++flying);
        return real.changes(...args).finally(() => flying--);
      },
    }));
    await engineOpen(engine);
    network.faults = { ...network.faults, dropPush: 0.6 };
    for (let i = 0; i < 60; i++) {
      await server.send(BEN, ID, `text ${i}`);
      await clock.advance(10);
    }
    network.faults = { ...network.faults, dropPush: 0 };
    await server.send(BEN, ID, 'last');
    await clock.advance(5_000);
    expect(most).toBe(1);
    expect(shown(engine)).toHaveLength(61);
  });

  it('rule 9: polls while no socket comes up', async () => {
    const { engine } = await device(() => ({
      connect: (handlers) => {
        clock.setTimeout(() => handlers.closed({ unauthenticated: false }), 10);
        return { typing: () => {}, reportCursor: () => {}, watch: async () => [], close: () => {} };
      },
    }));
    await clock.advance(10_000);
    expect(engine.getState()).toMatchObject({ connection: 'offline', caughtUp: true });
    await engineOpen(engine);
    await server.send(BEN, ID, 'hello');
    await clock.advance(16_000);
    expect(shown(engine)).toEqual(['hello']);
  });

  it('the end of the session stops everything', async () => {
    let calls = 0;
    const { engine } = await device(() => ({
      inbox: async () => {
        calls++;
        throw new LockstepError('unauthenticated');
      },
    }));
    expect(engine.getState().connection).toBe('ended');
    engine.wake();
    await clock.advance(300_000);
    expect(calls).toBe(1);
  });

  it('keeps few windows', async () => {
    const { engine } = await device();
    for (let i = 0; i < 15; i++) {
      await server.create(uuid(300 + i));
      void engine.open(uuid(300 + i));
      await clock.advance(1_000);
    }
    const kept = [...engine.getState().timelines.keys()];
    expect(kept).toHaveLength(11);
    expect(kept).toContain(uuid(314));
    expect(kept).not.toContain(uuid(303));
  });

  it('keeps the window of a conversation that is shown, as long as one view shows it', async () => {
    const { engine } = await device();
    const releases = [engine.hold(ID), engine.hold(ID)];
    void engine.open(ID);
    let opened = 0;
    const openOthers = async (count: number) => {
      for (const end = opened + count; opened < end; opened++) {
        await server.create(uuid(300 + opened));
        void engine.open(uuid(300 + opened));
        await clock.advance(1_000);
      }
      return [...engine.getState().timelines.keys()];
    };
    const kept = await openOthers(15);
    expect(kept).toHaveLength(11);
    expect(kept).toContain(ID);
    releases.pop()?.();
    expect(await openOthers(1)).toContain(ID);
    releases.pop()?.();
    expect(await openOthers(1)).not.toContain(ID);
  });
});

describe('reading, people, typing', () => {
  it('rule 7: only the greatest position goes on the wire, once', async () => {
    const reported: number[] = [];
    const { engine } = await device((real) => ({
      read: (id, seq) => {
        reported.push(seq);
        return real.read(id, seq);
      },
    }));
    for (let i = 0; i < 5; i++) await server.send(BEN, ID, `text ${i}`);
    await clock.advance(1_000);
    expect(engine.getState().inbox.get(ID)?.unread).toBe(5);
    for (const seq of [4, 6, 5, 3]) engine.markRead(ID, seq);
    expect(engine.getState().inbox.get(ID)).toMatchObject({ readSeq: 6, unread: 1 });
    await clock.advance(1_000);
    engine.markRead(ID, 6);
    await clock.advance(1_000);
    expect(reported).toEqual([6]);
  });

  it('asks for people once per tick, at most a page a call', async () => {
    const asked: number[] = [];
    const { engine } = await device(() => ({
      people: async (ids) => {
        if (ids.length > 1 || ids[0]?.startsWith('p')) asked.push(ids.length);
        return ids.map((id) => ({ id, name: id, image: null, placeholder: false, lastSeenAt: null, rev: 0 }));
      },
    }));
    for (let i = 0; i < LIMITS.page + 20; i++) engine.needPeople([`p${i}`, `p${i}`]);
    await clock.advance(100);
    engine.needPeople(['p1', 'p2']);
    await clock.advance(100);
    expect(asked).toEqual([LIMITS.page, 20]);
    expect([...engine.getState().people.keys()].filter((id) => id.startsWith('p'))).toHaveLength(
      LIMITS.page + 20,
    );
  });

  it('typing ends by itself, or with the message', async () => {
    let type = (_userId: string) => {};
    const { engine } = await device((real) => ({
      connect: (handlers) => {
        type = (userId) => handlers.typing({ conversationId: ID, userId });
        return real.connect(handlers);
      },
    }));
    const typing = () =>
      engine
        .getState()
        .typing.get(ID)
        ?.map((t) => t.userId) ?? [];
    type(BEN);
    type(ANN);
    expect(typing()).toEqual([BEN]);
    await clock.advance(5_100);
    expect(typing()).toEqual([]);
    type(BEN);
    await server.send(BEN, ID, 'there');
    await clock.advance(100);
    expect(typing()).toEqual([]);
  });
});
