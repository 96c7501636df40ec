import { type ConversationTx, withConversation } from '@lockstep/db';
import { describe, expect, it } from 'vitest';
import { brokenProxy } from './fixtures/proxy.ts';
import { db, gate, makeGroup, ownWorld, shapeOf, someoneWaits, uuid, world } from './world.ts';

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

  it('rule 1: an append that came behind a writer once takes its turn before the next one, however many write', async () => {
    const me = uuid();
    const id = await makeGroup(db, [me]);
    let statements = 0;
    const proxy = await brokenProxy(world.url, {
      onRequest: () => {
        statements++;
        return false;
      },
    });
    const sender = world.another({ connectionString: proxy.url, poolSize: 1 });
    const rename = (hold: Promise<void>) => {
      const begun = gate();
      const renamed = withConversation(world.another({ poolSize: 1 }), id, async (tx) => {
        await tx.appendSystem(me, { type: 'renamed', title: 'again' });
        begun.open();
        await hold;
      });
      return { begun: begun.opened, renamed };
    };
    const [first, second, secondBegun] = [gate(), gate(), gate()];
    const query = sender.pool.query.bind(sender.pool) as (...args: unknown[]) => Promise<unknown>;
    sender.pool.query = (async (...args: unknown[]) => {
      const result = await query(...args);
      await secondBegun.opened;
      return result;
    }) as typeof sender.pool.query;
    const one = rename(first.opened);
    await one.begun;
    const sent = sender.appender.append({
      conversationId: id,
      senderId: me,
      clientId: uuid(),
      body: 'hello',
    });
    await someoneWaits(db);
    const two = rename(second.opened);
    await someoneWaits(db, 2);
    // The append finds its snapshot stale; the second writer has its turn before it tries again.
    first.open();
    await two.begun;
    secondBegun.open();
    await someoneWaits(db);
    second.open();
    await Promise.all([one.renamed, two.renamed]);
    expect((await sent).message).toMatchObject({ seq: 4, rev: 4 });
    expect(statements).toBe(2);
    await proxy.close();
  });
});
