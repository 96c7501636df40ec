import { mention } from '@lockstep/protocol';
import { seeded } from '@lockstep/testing/sim/random';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../src/engine.ts';
import type { PushHandlers, Transport } from '../../src/ports.ts';
import { ANN, BEN, boot, clock, entry, ID, OTHER, open, ownDisk, say, server, settle } from './boot.ts';

ownDisk();

describe('mentions and receipts', () => {
  it('rule 7: mentions are derived like unread, and what cannot be told is asked for', async () => {
    await server.create(OTHER);
    const real = server.way(ANN);
    let asked = 0;
    const entryOf: Transport['entry'] = (id) => {
      asked++;
      return real.entry(id);
    };
    const transport = { ...real, entry: entryOf };
    const engine = createEngine({ userId: ANN, transport, clock, random: seeded(2) });
    engine.start();
    await settle();
    asked = 0;
    await server.send(BEN, OTHER, `hello ${mention(ANN)}`);
    await server.send(BEN, OTHER, 'plain');
    await settle();
    expect(entry(engine, OTHER)).toMatchObject({ unread: 2, mentions: 1 });
    await server.edit(BEN, OTHER, 4, `now ${mention(ANN)}`);
    await settle();
    expect(entry(engine, OTHER)).toMatchObject({ unread: 2, mentions: 2 });
    expect(asked).toBe(0);
    engine.applyEntry(await server.entry(ANN, OTHER));
    await server.recall(BEN, OTHER, 3);
    await settle();
    expect(entry(engine, OTHER)).toMatchObject({ unread: 1, mentions: 1 });
    expect(asked).toBe(1);
  });

  it('rule 7: how far the others have read is known once opened, and only grows', async () => {
    await say(3);
    await server.read(BEN, ID, 4);
    let push: PushHandlers | undefined;
    const { engine } = boot(true, (real) => ({
      connect: (handlers) => {
        push = handlers;
        return real.connect(handlers);
      },
    }));
    await settle();
    const read = () => engine.getState().receipts.get(ID)?.get(BEN);
    expect(read()).toBeUndefined();
    await open(engine);
    expect(read()).toBe(5);
    push?.receipt({ conversationId: ID, userId: BEN, readSeq: 3 });
    expect(read()).toBe(5);
    await server.send(BEN, ID, 'who writes has read');
    await settle();
    expect(read()).toBe(6);
  });
});
