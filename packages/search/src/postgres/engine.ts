import { type Db, failureOf, type Queryable } from '@lockstep/db';
import type { PartHealth } from '@lockstep/protocol';
import { IndexForm } from '../form.ts';
import { faultReporter, indexHealth } from '../health.ts';
import { IndexUnavailable, type SearchIndex } from '../port.ts';
import { WordStore } from '../words.ts';
import { apply } from './apply.ts';
import { find } from './find.ts';
import { Frequencies } from './frequencies.ts';
import { ensureIndexes } from './indexes.ts';
import { rebuild, rewrite, verify } from './verify.ts';
import { isWiped, restartIfWiped } from './wiped.ts';

/** The index in the store's own Postgres: one narrow table, moved together with its checkpoints (docs/adr/0012). */
export const postgresIndex = (db: Db): SearchIndex => {
  const words = new WordStore();
  const frequencies = new Frequencies();
  const form = new IndexForm(db, 'postgres');
  const withFaultReport = faultReporter(db, 'postgres', faultOf);
  return {
    name: 'postgres',
    consumer: 'index',
    prepare: async () => {
      await ensureIndexes(db);
      await restartIfWiped(db, words);
      await form.begin('index');
    },
    recover: () => restartIfWiped(db, words),
    apply: (conversationIds) => withFaultReport(() => apply(db, conversationIds, words)),
    find: (client, options) =>
      orUnavailable(client, async () => {
        if (await isWiped(client)) throw new IndexUnavailable('the index was wiped');
        return find(client, options, frequencies);
      }),
    verify: (options) => verify(db, words, options),
    isCurrent: (client) => form.isCurrent(client),
    upgrade: (options) => form.bringUp(() => rewrite(db, words, options)),
    rebuild: async (options) => {
      await rebuild(db, words, options);
      await form.done();
    },
    size: async () => {
      const { rows } = await db.pool.query<{ bytes: number }>(
        `select pg_total_relation_size('search_message') + pg_total_relation_size('search_word') as bytes`,
      );
      return rows[0]?.bytes ?? null;
    },
    health: async (): Promise<PartHealth> => indexHealth(db, 'postgres', 'index', await isWiped(db.pool)),
    close: async () => {},
  };
};

/** A table that somebody has locked (a `vacuum full`, say) is waited for so long, in ms. */
const LOCK_MS = 300;
/** Locked, cancelled, out of something, missing, broken on the disk: https://www.postgresql.org/docs/18/errcodes-appendix.html */
const AWAY = /^(55P03|57014|53|42P01|42703|58|XX)/;

/** What happens to the index alone leaves the rest of the snapshot as it is: it is away then. */
const orUnavailable = async <T>(client: Queryable, work: () => Promise<T>): Promise<T> => {
  await client.query(`savepoint search_index; set local lock_timeout = ${LOCK_MS}`);
  try {
    return await work();
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (!code || !AWAY.test(code)) throw error;
    await client.query('rollback to savepoint search_index');
    throw new IndexUnavailable(message);
  }
};

/** What Postgres says when it does not take what is to be indexed, a full disk for one. Conflicts are tried again. */
const faultOf = (error: unknown): string | null => {
  const { code, message } = error as { code?: string; message?: string };
  const isState = code !== undefined && /^[0-9A-Z]{5}$/.test(code);
  return isState && failureOf(error) !== 'conflict' ? `Postgres refuses (${code}): ${message}` : null;
};
