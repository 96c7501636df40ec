import type { Db } from '@lockstep/db';
import type { PartHealth } from '@lockstep/protocol';
import { indexHealth } from '../health.ts';
import type { SearchIndex } from '../port.ts';
import { WordStore } from '../words.ts';
import { apply } from './apply.ts';
import { find } from './find.ts';
import { Frequencies } from './frequencies.ts';
import { ensureIndexes } from './indexes.ts';
import { rebuild, verify } from './verify.ts';
import { beginAgainIfWiped } from './wiped.ts';

/** The index in the store's own Postgres: one narrow table, moved together with its checkpoints (docs/adr/0012). */
export const postgresIndex = (db: Db): SearchIndex => {
  const words = new WordStore();
  const frequencies = new Frequencies();
  return {
    name: 'postgres',
    consumer: 'index',
    prepare: async () => {
      await ensureIndexes(db);
      await beginAgainIfWiped(db, words);
    },
    heal: () => beginAgainIfWiped(db, words),
    apply: (conversationIds) => apply(db, conversationIds, words),
    find: (client, options) => find(client, options, frequencies),
    verify: (options) => verify(db, words, options),
    rebuild: (options) => rebuild(db, words, options),
    size: async () => {
      const { rows } = await db.pool.query<{ bytes: number }>(
        `select pg_total_relation_size('search_message') + pg_total_relation_size('search_word') as bytes`,
      );
      return rows[0]?.bytes ?? null;
    },
    health: (): Promise<PartHealth> => indexHealth(db, 'postgres', 'index'),
    close: async () => {},
  };
};
