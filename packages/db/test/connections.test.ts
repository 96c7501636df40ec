import { type Appended, createDb, type Db } from '@lockstep/db';
import { mention } from '@lockstep/protocol';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { brokenProxy } from './fixtures/proxy.ts';
import { db, makeGroup, ownWorld, shapeOf, upTo, uuid, world } from './world.ts';

ownWorld();

interface Sent {
  input: { conversationId: string; senderId: string; clientId: string; body: string };
  appended: Appended;
}

/** Everyone sends `each` messages one after the other, and goes on with the next only when the last is acknowledged. */
const chatter = async (from: Db, conversationId: string, people: string[], each: number): Promise<Sent[]> =>
  (
    await Promise.all(
      people.map(async (senderId) => {
        const mine: Sent[] = [];
        for (const n of upTo(each)) {
          const body = n % 2 ? `${n}` : `${n} ${mention(people[0] as string)}`;
          const input = { conversationId, senderId, clientId: uuid(), body };
          mine.push({ input, appended: await from.appender.append(input) });
        }
        return mine;
      }),
    )
  ).flat();

/** Every acknowledged message is stored exactly once, and a late retry gets the `seq` of the first. */
const expectExactlyOnce = async (conversationId: string, sent: Sent[]): Promise<void> => {
  const shape = await shapeOf(db, conversationId);
  expect(shape.seqs).toEqual(upTo(sent.length + 1));
  expect(shape.revs).toEqual(upTo(sent.length + 1));
  expect(shape).toMatchObject({ head_seq: sent.length + 1, head_rev: sent.length + 1 });
  expect(new Set(sent.map(({ appended }) => appended.message.seq)).size).toBe(sent.length);
  for (const { input, appended } of sent) {
    const again = await db.appender.append(input);
    expect(again).toMatchObject({ duplicate: true, message: { seq: appended.message.seq } });
  }
  const { rows } = await db.pool.query('select seq from mention where conversation_id = $1 order by seq', [
    conversationId,
  ]);
  const mentioning = sent.filter(({ input }) => input.body.includes('<@'));
  expect(rows.map((row) => row.seq)).toEqual(
    mentioning.map(({ appended }) => appended.message.seq).sort((a, b) => a - b),
  );
};

it('rules 1 to 3: answers lost after the commit are found again by client id, and stored once', async () => {
  const people = upTo(15).map(uuid);
  const id = await makeGroup(db, people);
  let answers = 0;
  let lost = 0;
  const proxy = await brokenProxy(world.url, {
    onAnswer: () => {
      if (++answers % 3 !== 0) return false;
      lost++;
      return true;
    },
  });
  const through = createDb({ connectionString: proxy.url, poolSize: 3 });
  const sent = await chatter(through, id, people, 10);
  await through.close();
  await proxy.close();
  expect(lost).toBeGreaterThan(2);
  expect(sent.some(({ appended }) => appended.duplicate)).toBe(true);
  await expectExactlyOnce(id, sent);
});

it('rules 1 to 3: statements lost before they reach Postgres are sent again', async () => {
  const people = upTo(15).map(uuid);
  const id = await makeGroup(db, people);
  let requests = 0;
  const proxy = await brokenProxy(world.url, { onRequest: () => ++requests % 3 === 0 });
  const through = createDb({ connectionString: proxy.url, poolSize: 3 });
  const sent = await chatter(through, id, people, 10);
  await through.close();
  await proxy.close();
  expect(requests).toBeGreaterThan(5);
  expect(sent.every(({ appended }) => !appended.duplicate)).toBe(true);
  await expectExactlyOnce(id, sent);
});

it('rules 1 to 3: backends that are terminated in mid-commit', async () => {
  const people = upTo(15).map(uuid);
  const id = await makeGroup(db, people);
  const victim = createDb({ connectionString: `${world.url}?application_name=victim`, poolSize: 3 });
  let working = true;
  let killed = 0;
  const chat = (async () => {
    const sent: Sent[] = [];
    while (killed <= 2) sent.push(...(await chatter(victim, id, people, 20)));
    return sent;
  })().finally(() => {
    working = false;
  });
  const head = async () =>
    (await db.pool.query<{ head_seq: number }>('select head_seq from conversation where id = $1', [id]))
      .rows[0]?.head_seq ?? 0;
  for (let next = 0; working; ) {
    // Let some through between two kills: otherwise nothing ever would.
    if ((await head()) < next) continue;
    const { rowCount } = await db.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and application_name = 'victim' and state = 'active'`,
    );
    killed += rowCount ?? 0;
    if (rowCount) next = (await head()) + 20;
  }
  const sent = await chat;
  await victim.close();
  expect(killed).toBeGreaterThan(2);
  await expectExactlyOnce(id, sent);
});

describe('what cannot be stored is said to be unavailable, and the same client id works later', () => {
  afterEach(() => vi.useRealTimers());
  const inputOf = async () => {
    const me = uuid();
    const conversationId = await makeGroup(db, [me]);
    return { conversationId, senderId: me, clientId: uuid(), body: 'hello' };
  };

  it('when Postgres was not reached in the time that a message has', async () => {
    const input = await inputOf();
    vi.useFakeTimers({ toFake: ['performance'] });
    let requests = 0;
    const proxy = await brokenProxy(world.url, {
      onRequest: () => {
        requests++;
        // Each try takes 4 s of the 10 s.
        vi.advanceTimersByTime(4_000);
        return true;
      },
    });
    const cutOff = createDb({ connectionString: proxy.url, poolSize: 1 });
    await expect(cutOff.appender.append(input)).rejects.toMatchObject({
      code: 'unavailable',
      message: 'not stored after 3 tries',
    });
    expect(requests).toBe(3);
    await cutOff.close();
    await proxy.close();
    expect(await db.appender.append(input)).toMatchObject({ duplicate: false, message: { seq: 2 } });
  });

  it('when too many sends wait, and at once', async () => {
    const input = await inputOf();
    const small = createDb({ connectionString: world.url, poolSize: 1, maxWaiting: 5 });
    const sends = upTo(7).map((n) =>
      small.appender.append({ ...input, clientId: n < 6 ? uuid() : input.clientId }),
    );
    const results = await Promise.allSettled(sends);
    expect(results.map(({ status }) => status)).toEqual([
      ...Array(5).fill('fulfilled'),
      'rejected',
      'rejected',
    ]);
    for (const result of results.slice(5))
      expect(result).toMatchObject({ reason: { code: 'unavailable', message: 'too many sends wait' } });
    // There is room again.
    expect(await small.appender.append(input)).toMatchObject({ duplicate: false, message: { seq: 7 } });
    await small.close();
  });
});

it('rule 1: processes that contend for one conversation all get on', async () => {
  const people = upTo(40).map(uuid);
  const id = await makeGroup(db, people);
  const processes = upTo(5).map(() => world.another());
  const sent = await Promise.all(
    processes.map((one, p) => chatter(one, id, people.slice(p * 8, p * 8 + 8), 15)),
  );
  await expectExactlyOnce(id, sent.flat());
});

it('refuses what Postgres cannot store without failing the rest of the batch', async () => {
  const me = uuid();
  const id = await makeGroup(db, [me]);
  const send = (body: string, clientId = uuid(), conversationId = id) =>
    db.appender.append({ conversationId, senderId: me, clientId, body });
  const results = await Promise.allSettled([
    send('one'),
    send('nul \0 inside'),
    send('two'),
    send('no id', 'not-a-uuid'),
    send('nowhere', uuid(), uuid()),
    send('three'),
  ]);
  const reported = results.map((one) =>
    one.status === 'fulfilled' ? one.value.message.seq : (one.reason as { code: string }).code,
  );
  expect(reported).toEqual([2, 'invalid_input', 3, 'invalid_input', 'not_found', 4]);
});
