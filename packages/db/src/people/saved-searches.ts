import { LIMITS, LockstepError, type SavedSearch } from '@lockstep/protocol';
import type { Db } from '../db.ts';
import type { Prisma } from '../generated/client.ts';

type Searches = Pick<Prisma.TransactionClient, 'savedSearch'>;

/** All of a person, the last used first, then the last saved: at most LIMITS.recentSearches + LIMITS.savedSearches. */
export const savedSearches = (db: Db, userId: string): Promise<SavedSearch[]> => listed(db.prisma, userId);

const listed = async ({ savedSearch }: Searches, userId: string): Promise<SavedSearch[]> => {
  const rows = await savedSearch.findMany({
    where: { userId },
    select: { text: true, name: true, usedAt: true, savedAt: true },
    orderBy: [
      { usedAt: { sort: 'desc', nulls: 'last' } },
      { savedAt: { sort: 'desc', nulls: 'last' } },
      { text: 'asc' },
    ],
  });
  return rows.map(({ text, name, usedAt, savedAt }) => ({
    text,
    name,
    usedAt: usedAt?.getTime() ?? null,
    savedAt: savedAt?.getTime() ?? null,
  }));
};

/** Puts a search on top of the recent ones and drops those over the limit. */
export const noteSearch = (db: Db, userId: string, text: string): Promise<SavedSearch[]> =>
  alone(db, userId, async ({ savedSearch }) => {
    const usedAt = new Date();
    await savedSearch.upsert({
      where: { userId_text: { userId, text } },
      create: { userId, text, usedAt },
      update: { usedAt },
    });
    const over = await savedSearch.findMany({
      where: { userId, usedAt: { not: null } },
      select: { text: true },
      orderBy: [{ usedAt: 'desc' }, { text: 'asc' }],
      skip: LIMITS.recentSearches,
    });
    if (over.length > 0)
      await savedSearch.updateMany({
        where: { userId, text: { in: over.map((row) => row.text) } },
        data: { usedAt: null },
      });
  });

/** Removes one recent search, or all of them with null. */
export const forgetSearch = (db: Db, userId: string, text: string | null): Promise<SavedSearch[]> =>
  alone(db, userId, ({ savedSearch }) =>
    savedSearch.updateMany({
      where: { userId, ...(text === null ? {} : { text }) },
      data: { usedAt: null },
    }),
  );

/** Saves a search under a name, or renames a saved one. Over the limit: LockstepError `limit_reached`. */
export const saveSearch = (
  db: Db,
  userId: string,
  text: string,
  name: string | null,
): Promise<SavedSearch[]> =>
  alone(db, userId, async ({ savedSearch }) => {
    const where = { userId_text: { userId, text } };
    const before = await savedSearch.findUnique({ where, select: { savedAt: true } });
    const savedAt = before?.savedAt ?? new Date();
    await savedSearch.upsert({ where, create: { userId, text, name, savedAt }, update: { name, savedAt } });
    const kept = await savedSearch.count({ where: { userId, savedAt: { not: null } } });
    if (kept > LIMITS.savedSearches) throw new LockstepError('limit_reached');
  });

export const unsaveSearch = (db: Db, userId: string, text: string): Promise<SavedSearch[]> =>
  alone(db, userId, ({ savedSearch }) =>
    savedSearch.updateMany({ where: { userId, text }, data: { savedAt: null, name: null } }),
  );

/**
 * One change of a person's searches at a time, so that the limits hold; returns all of them. The lock is raw SQL,
 * because Prisma has none.
 */
const alone = (
  db: Db,
  userId: string,
  change: (searches: Searches) => Promise<unknown>,
): Promise<SavedSearch[]> =>
  db.prisma.$transaction(
    async (tx) => {
      await tx.$queryRaw`select 1 from "user" where id = ${userId}::uuid for no key update`;
      await change(tx);
      await tx.savedSearch.deleteMany({ where: { userId, usedAt: null, savedAt: null } });
      return listed(tx, userId);
    },
    // The same limit as for a connection from the pool.
    { maxWait: 5_000, timeout: 10_000 },
  );
