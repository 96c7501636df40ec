import { randomUUID } from 'node:crypto';
import {
  Budget,
  BudgetOver,
  budgetedDb,
  createDb,
  exportById,
  failureOf,
  insertExport,
  noteSearch,
  renameDevice,
  renewSession,
  savedSearches,
} from '@lockstep/db';
import { freePort } from '@lockstep/testing/ports';
import { describe, expect, it } from 'vitest';
import { db, ownWorld, uuid } from './world.ts';

ownWorld();

const LIMITS = { loopMs: 1_000, ms: 60_000, statementMs: 1_000, rows: 3, bytes: 1_000 };
const person = async (): Promise<string> => {
  const id = uuid();
  await db.pool.query('insert into "user" (id, name, email) values ($1, $2, $3)', [
    id,
    'Ann',
    `${id}@people.invalid`,
  ]);
  return id;
};

describe('what goes through Prisma', () => {
  it('is counted in the budget of a call, and not begun once that is over', async () => {
    const userId = await person();
    for (const text of ['one', 'two', 'three']) await noteSearch(db, userId, text);
    const budget = new Budget(LIMITS);
    const limited = budgetedDb(db, budget, { limited: true });
    expect(await savedSearches(limited, userId)).toHaveLength(3);
    expect(budget.spent).toMatchObject({ statements: 1, rows: 3 });
    await expect(savedSearches(limited, userId)).rejects.toBeInstanceOf(BudgetOver);
    expect([budget.isCut, budget.spent.statements]).toEqual([true, 1]);
    // What writes is counted, and not stopped.
    const writing = new Budget(LIMITS);
    const unlimited = budgetedDb(db, writing, { limited: false });
    await noteSearch(unlimited, userId, 'four');
    expect(await savedSearches(unlimited, userId)).toHaveLength(4);
    expect(writing.spent.statements).toBeGreaterThan(4);
  });

  it('fails as what goes through pg does: refused, in conflict, or away', async () => {
    const userId = await person();
    const again = db.prisma.user.create({ data: { id: userId, name: 'Ann', email: 'ann@people.invalid' } });
    expect(failureOf(await again.catch((error) => error))).toBe('conflict');
    const text = db.prisma.savedSearch.create({ data: { userId, text: 'a\u0000b' } });
    expect(failureOf(await text.catch((error) => error))).toBe('input');
    const killed = db.prisma.$queryRaw`select pg_terminate_backend(pg_backend_pid())`;
    expect(failureOf(await killed.catch((error) => error))).toBe('connection');
    const away = createDb({ connectionString: `postgres://nobody@127.0.0.1:${await freePort()}/none` });
    for (const work of [
      () => savedSearches(away, userId),
      () => noteSearch(away, userId, 'one'),
      () => exportById(away, userId),
    ])
      expect(failureOf(await work().catch((error: unknown) => error))).toBe('connection');
    await away.close();
  });

  it('renaming a device does not renew its session, and renewing does', async () => {
    const userId = await person();
    const old = new Date(Date.now() - 86_400_000);
    const { id } = await db.prisma.session.create({
      data: { userId, token: randomUUID(), expiresAt: new Date(Date.now() + 1_000_000), updatedAt: old },
    });
    const renewedAt = async () =>
      (await db.prisma.session.findUniqueOrThrow({ where: { id } })).updatedAt.getTime();
    expect(await renameDevice(db, userId, id, 'Work')).toBe(true);
    expect(await renewedAt()).toBe(old.getTime());
    expect(await renewSession(db, id, 60)).toBe(true);
    expect(await renewedAt()).toBeGreaterThan(old.getTime());
    await db.pool.query(`update session set expires_at = now() - interval '1 s' where id = $1`, [id]);
    expect(await renameDevice(db, userId, id, 'Home')).toBe(false);
    expect(await renewSession(db, id, 60)).toBe(false);
  });

  it('gives an export back as it was asked for, with the name of who asked', async () => {
    const createdBy = await person();
    const query = { text: 'a "b"', state: 'all' as const, from: null, to: 5, timeZone: 'UTC' };
    const [id, ofNobody] = [uuid(), uuid()];
    await insertExport(db, { id, createdBy, reason: 'why', query });
    await insertExport(db, { id: ofNobody, createdBy: uuid(), reason: 'why', query });
    expect(await exportById(db, id)).toMatchObject({
      createdBy,
      createdByName: 'Ann',
      query,
      files: [],
      parts: 0,
    });
    expect(await exportById(db, ofNobody)).toMatchObject({ createdByName: '' });
    expect(await exportById(db, uuid())).toBeNull();
  });
});
