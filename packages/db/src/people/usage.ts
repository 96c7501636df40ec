import type { ConversationKind } from '@lockstep/protocol';
import type { Db } from '../db.ts';

/** How much a workspace is used, and what it takes. Times are days back from now, sizes are bytes. */
export interface Usage {
  people: { active: number; admins: number; deactivated: number; imported: number };
  /** People who were there within the last 1, 7 and 30 days. */
  seen: [day: number, week: number, month: number];
  devices: number;
  /** Of each kind that there is. */
  conversations: Partial<Record<ConversationKind, number>>;
  messages: number;
  /** Messages of the last 1, 7 and 30 days. */
  written: [day: number, week: number, month: number];
  databaseBytes: number;
  /** The largest tables, each with its indexes. */
  tables: { name: string; bytes: number }[];
}

interface Counts extends Omit<Usage, 'seen' | 'written' | 'tables'> {
  seen: Usage['seen'];
  written: Usage['written'];
}

const recent = (time: string): string =>
  ['1 day', '7 days', '30 days']
    .map((span) => `count(*) filter (where ${time} > now() - interval '${span}')`)
    .join();

/** Reads all messages once: some tenths of a second for a million. */
export const readUsage = async ({ pool }: Db): Promise<Usage> => {
  const counts = await pool.query<Counts>(
    `select
       (select json_build_object(
          'active', count(*) filter (where not placeholder and deactivated_at is null),
          'admins', count(*) filter (where not placeholder and deactivated_at is null and role = 'admin'),
          'deactivated', count(*) filter (where deactivated_at is not null),
          'imported', count(*) filter (where placeholder)) from "user") as people,
       (select json_build_array(${recent('at')}) from (
          select greatest(u.last_seen_at, max(s.last_active_at)) as at
          from "user" u left join session s on s.user_id = u.id where not u.placeholder group by u.id) t) as seen,
       (select count(*)::int from session where expires_at > now()) as devices,
       (select coalesce(json_object_agg(kind, n), '{}')
          from (select kind, count(*) as n from conversation group by kind) k) as conversations,
       m.messages, m.written, pg_database_size(current_database())::float8 as "databaseBytes"
     from (select count(*)::int as messages, json_build_array(${recent('created_at')}) as written
           from message where state <> 'system') m`,
  );
  const tables = await pool.query<Usage['tables'][number]>(
    `select relname as name, pg_total_relation_size(oid)::float8 as bytes
     from pg_class where relkind = 'r' and relnamespace = current_schema()::regnamespace
     order by bytes desc, name limit 5`,
  );
  return { ...(counts.rows[0] as Counts), tables: tables.rows };
};
