import pg from 'pg';

/** No limits of the server that are meant for the product may end a copy of hours. Texts of dates as everywhere. */
const SESSION = `set statement_timeout = 0; set idle_in_transaction_session_timeout = 0; set lock_timeout = '60s';
  set timezone = 'UTC'; set datestyle = 'ISO'; set intervalstyle = 'postgres'; set extra_float_digits = 1;
  set client_encoding = 'UTF8'`;

/** The caller ends it. */
export const connect = async (connectionString: string): Promise<pg.Client> => {
  const client = new pg.Client({
    connectionString,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    application_name: 'lockstep backup',
  });
  // What breaks also rejects the query under way.
  client.on('error', () => {});
  try {
    await client.connect();
    await client.query(SESSION);
    return client;
  } catch (error) {
    await client.end().catch(() => {});
    throw error;
  }
};

/** Runs `work` on a connection of its own. */
export const withConnection = async <T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> => {
  const client = await connect(url);
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
};

/** Client connections to this database that are not ours, by their names. */
export const otherClients = async (client: pg.Client): Promise<string[]> => {
  const { rows } = await client.query<{ name: string }>(
    `select coalesce(nullif(application_name, ''), 'a client without a name') as name from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid()
       and coalesce(backend_type, 'client backend') = 'client backend' and application_name <> 'lockstep backup'`,
  );
  return rows.map(({ name }) => name);
};

/**
 * Does all of `items`, as many at a time as there are `lanes`, with the number of the lane; after an error no further
 * one is begun, and it is thrown once all lanes have ended.
 */
export const inLanes = async <L, T>(
  lanes: readonly L[],
  items: readonly T[],
  work: (lane: L, item: T, at: number) => Promise<void>,
): Promise<void> => {
  const left = [...items];
  let failed = false;
  const run = async (lane: L, at: number) => {
    for (let item = left.shift(); item !== undefined && !failed; item = left.shift())
      try {
        await work(lane, item, at);
      } catch (error) {
        failed = true;
        throw error;
      }
  };
  const results = await Promise.allSettled(lanes.map(run));
  const rejected = results.find((result) => result.status === 'rejected');
  if (rejected) throw rejected.reason;
};
