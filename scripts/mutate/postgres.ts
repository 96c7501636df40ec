import startCluster from '@lockstep/testing/cluster';
import pg from 'pg';

export interface TestPostgres {
  /** Drops what killed tests have left behind. */
  clean(): Promise<void>;
  stop(): Promise<void>;
}

/** One Postgres for all runs: tests find it as they find that of a whole run of vitest. */
export const startPostgres = async (): Promise<TestPostgres> => {
  const stop = await startCluster();
  return {
    clean: async () => {
      const client = new pg.Client({ connectionString: process.env.LOCKSTEP_TEST_POSTGRES });
      await client.connect();
      try {
        const { rows } = await client.query<{ datname: string }>(
          `select datname from pg_database where datname like 'test\\_%'`,
        );
        for (const { datname } of rows) await client.query(`drop database if exists ${datname} with (force)`);
      } finally {
        await client.end();
      }
    },
    stop,
  };
};
