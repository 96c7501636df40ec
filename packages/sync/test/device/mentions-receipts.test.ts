import { mention } from '@lockstep/protocol';
import { seeded } from '@lockstep/testing/sim/random';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../src/engine.ts';
import type { PushHandlers, Transport } from '../../src/ports.ts';
import { boot, clock, entry, ID, network, OTHER, open, ownDisk, say, server, settle } from './boot.ts';

ownDisk();

describe('mentions and receipts', () => {
  it('rule 7: mentions are derived like unread, and what cannot be told is asked for', async () => {
    const me = '0190a0b0-0000-7000-8000-000000000001';
    server.create(OTHER, [me, 'ben']);
    const real = network.transport(me, { up: true });
    let asked = 0;
    const entryOf: Transport['entry'] = (id) => {
      asked++;
      return real.entry(id);
    };
    const transport = { ...real, entry: entryOf };
    const engine = createEngine({ userId: me, transport, clock, random: seeded(2) });
    engine.start();
    await settle();
    asked = 0;
    server.send('ben', OTHER, 'b1', `hello ${mention(me)}`);
    server.send('ben', OTHER, 'b2', 'plain');
    await settle();
    expect(entry(engine, OTHER)).toMatchObject({ unread: 2, mentions: 1 });
    server.change('ben', OTHER, 4, { body: `now ${mention(me)}` });
    await settle();
    expect(entry(engine, OTHER)).toMatchObject({ unread: 2, mentions: 2 });
    expect(asked).toBe(0);
    server.fanOut(OTHER);
    engine.applyEntry(server.entry(me, OTHER));
    server.change('ben', OTHER, 3, { body: null, recalledAt: 1 });
    await settle();
    expect(entry(engine, OTHER)).toMatchObject({ unread: 1, mentions: 1 });
    expect(asked).toBe(1);
  });

  it('rule 7: how far the others have read is known once opened, and only grows', async () => {
    say(3);
    server.read('ben', ID, 4);
    let push: PushHandlers | undefined;
    const { engine } = boot(true, (real) => ({
      connect: (handlers) => {
        push = handlers;
        return real.connect(handlers);
      },
    }));
    await settle();
    const read = () => engine.getState().receipts.get(ID)?.get('ben');
    expect(read()).toBeUndefined();
    await open(engine);
    expect(read()).toBe(5);
    push?.receipt({ conversationId: ID, userId: 'ben', readSeq: 3 });
    expect(read()).toBe(5);
    server.send('ben', ID, 'own', 'who writes has read');
    await settle();
    expect(read()).toBe(6);
  });
});
