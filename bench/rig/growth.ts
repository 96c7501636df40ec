import type { Db } from '@lockstep/db';

/** A table or an index, as it stands. */
interface Relation {
  name: string;
  /** The table of an index; of a table its own name. */
  of: string;
  bytes: number;
  /** Updates of a table so far, and of them those that wrote no index. */
  updates: number;
  hot: number;
}

export type Growth = Relation[];

/** Everything in the database: also the queue's tables, and Postgres' own, which temporary tables fill. */
export const measureGrowth = async (db: Db): Promise<Growth> => {
  const { rows } = await db.pool.query<Relation>(
    `select c.relname as name, coalesce(t.relname, c.relname) as of,
       pg_relation_size(c.oid) + case when c.reltoastrelid <> 0 then pg_total_relation_size(c.reltoastrelid) else 0 end as bytes,
       coalesce(s.n_tup_upd, 0) as updates, coalesce(s.n_tup_hot_upd, 0) as hot
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     left join pg_index x on x.indexrelid = c.oid left join pg_class t on t.oid = x.indrelid
     left join pg_stat_user_tables s on s.relid = c.oid
     where c.relkind in ('r', 'i') and n.nspname not in ('information_schema', 'pg_toast')`,
  );
  return rows;
};

/** Smaller ones are not listed, in bytes. */
const SMALL = 256 * 1024;

/** What has grown or was updated much between the two, the largest first, and all together. */
export const growthRows = (before: Growth, after: Growth, messages: number) => {
  const known = new Map(before.map((one) => [one.name, one]));
  const row = (name: string, from: number, to: number, updates: number, hot: number) => ({
    'table or index': name,
    'KiB before': from / 1_024,
    'KiB after': to / 1_024,
    'bytes a message': (to - from) / messages,
    updates,
    'in place %': updates > 0 ? Math.floor((1_000 * hot) / updates) / 10 : '',
  });
  const sum = (growth: Growth) => growth.reduce((total, { bytes }) => total + bytes, 0);
  return [
    ...after
      .filter(({ name, bytes, updates }) =>
        bytes >= SMALL ? bytes > (known.get(name)?.bytes ?? 0) : updates > messages / 100,
      )
      .sort((a, b) => b.bytes - a.bytes)
      .map(({ name, of, bytes, updates, hot }) => {
        const old = known.get(name);
        const label = name === of ? name : `  ${name}`;
        return row(label, old?.bytes ?? 0, bytes, updates - (old?.updates ?? 0), hot - (old?.hot ?? 0));
      }),
    row('all', sum(before), sum(after), 0, 0),
  ];
};
