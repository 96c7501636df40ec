import { type ConversationTx, withConversation } from '@lockstep/db';
import { describe, expect, it } from 'vitest';
import { db, makeGroup, ownWorld, shapeOf, someoneWaits, upTo, uuid, world } from './world.ts';

/** The snapshot trap of docs/adr/0001: an append that waited for the lock must not act on what it saw before. */

ownWorld();

/** Does `work` in another process, and commits it only once `send` waits for the conversation. */
const sendWhileOpen = async <T>(
  id: string,
  work: (tx: ConversationTx) => Promise<void>,
  send: () => Promise<T>,
): Promise<PromiseSettledResult<T>> => {
  let sent: Promise<PromiseSettledResult<T>[]> | undefined;
  await withConversation(world.another(), id, async (tx) => {
    await work(tx);
    sent = Promise.allSettled([send()]);
    await someoneWaits(db);
  });
  return (await (sent as NonNullable<typeof sent>))[0] as PromiseSettledResult<T>;
};

describe('contention', () => {
  it('rule 10: a send that waited while its sender was removed is refused', async () => {
    const [owner, guest] = [uuid(), uuid()];
    const id = await makeGroup(db, [owner, guest]);
    const result = await sendWhileOpen(
      id,
      async (tx) => {
        await tx.appendSystem(owner, { type: 'left', userId: guest });
        await tx.leave(guest);
      },
      () => db.appender.append({ conversationId: id, senderId: guest, clientId: uuid(), body: 'too late' }),
    );
    expect(result).toMatchObject({ status: 'rejected', reason: { code: 'not_found' } });
    expect((await shapeOf(db, id)).seqs).toEqual([1, 2]);
  });

  it('a send that waited while its sender was let in is stored', async () => {
    const [owner, guest] = [uuid(), uuid()];
    const id = await makeGroup(db, [owner]);
    const result = await sendWhileOpen(
      id,
      async (tx) => {
        await tx.appendSystem(owner, { type: 'joined', userIds: [guest] });
        await tx.join([guest]);
      },
      () =>
        db.appender.append({ conversationId: id, senderId: guest, clientId: uuid(), body: 'just in time' }),
    );
    expect(result).toMatchObject({ status: 'fulfilled', value: { message: { seq: 3, rev: 3 } } });
  });

  it('rule 1: an append gets its turn beside writers that never let go of the conversation', async () => {
    const me = uuid();
    const id = await makeGroup(db, [me]);
    let commits = 0;
    let writing = true;
    const writers = upTo(4).map(async () => {
      const process = world.another({ poolSize: 1 });
      while (writing) {
        await withConversation(process, id, (tx) => tx.appendSystem(me, { type: 'renamed', title: 'again' }));
        commits++;
      }
    });
    const waited: number[] = [];
    for (const n of upTo(20)) {
      const before = commits;
      await db.appender.append({ conversationId: id, senderId: me, clientId: uuid(), body: `${n}` });
      waited.push(commits - before);
    }
    writing = false;
    await Promise.all(writers);
    // At most once behind everyone to find the snapshot stale, and once more to wait for the lock itself.
    const mean = waited.reduce((sum, n) => sum + n, 0) / waited.length;
    expect(mean, `commits of others before each append: ${waited.join(' ')}`).toBeLessThan(16);
    const shape = await shapeOf(db, id);
    expect(shape.seqs).toEqual(upTo(shape.head_seq));
  });
});
