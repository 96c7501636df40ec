import {
  LockstepError,
  type ManagedPeoplePage,
  type ManagedPerson,
  type PeopleFilter,
  type WorkspaceRole,
} from '@lockstep/protocol';
import type pg from 'pg';
import type { Db } from '../db.ts';
import { inTransaction, type Queryable } from '../transaction.ts';
import { foldedQuery, likeText } from './folded.ts';
import { lockPeople } from './look-alikes.ts';
import { PERSON_COLUMNS, type PersonRow, toPerson } from './people.ts';

// In SQL except for one look-up: changes take turns under pg locks, and people are found and counted in one pass.

/** Advisory lock: changes of roles and access take turns in all processes. */
const LOCK = 72_707_371;

/**
 * Runs a change of somebody's role or access. Such changes take turns, so that if two admins remove each other's role
 * at the same time, one admin remains.
 */
export const changePeople = <T>(db: Db, work: (client: pg.PoolClient) => Promise<T>): Promise<T> =>
  inTransaction(db.pool, async (client) => {
    await client.query('select pg_advisory_xact_lock($1)', [LOCK]);
    await lockPeople(client);
    return work(client);
  });

export interface AccessRow {
  id: string;
  name: string;
  email: string;
  role: WorkspaceRole;
  placeholder: boolean;
  deactivated: boolean;
}

/** A person, locked until the transaction ends. LockstepError `not_found`. */
export const lockPerson = async (client: Queryable, userId: string): Promise<AccessRow> => {
  const { rows } = await client.query<AccessRow>(
    `select id, name, email, role, placeholder, deactivated_at is not null as deactivated
     from "user" where id = $1 for no key update`,
    [userId],
  );
  if (!rows[0]) throw new LockstepError('not_found');
  return rows[0];
};

/** Whether somebody is an admin who is not deactivated, now. */
export const isActiveAdmin = async (client: Queryable, userId: string): Promise<boolean> => {
  const { rowCount } = await client.query(`select 1 from "user" where id = $1 and ${ACTIVE_ADMIN}`, [userId]);
  return rowCount === 1;
};

const ACTIVE_ADMIN = `role = 'admin' and not placeholder and deactivated_at is null`;

/** Whether there is another active admin. */
export const hasOtherAdmin = async (client: Queryable, userId: string): Promise<boolean> => {
  const { rowCount } = await client.query(`select 1 from "user" where id <> $1 and ${ACTIVE_ADMIN} limit 1`, [
    userId,
  ]);
  return rowCount === 1;
};

export const storeRole = async (client: Queryable, userId: string, role: WorkspaceRole): Promise<void> => {
  await client.query(`update "user" set role = $2::"WorkspaceRole", updated_at = now() where id = $1`, [
    userId,
    role,
  ]);
};

export const storeActive = async (client: Queryable, userId: string, active: boolean): Promise<void> => {
  await client.query(
    `update "user" set deactivated_at = case when $2 then null else now() end, updated_at = now() where id = $1`,
    [userId, active],
  );
};

/** The person with this e-mail (lower case), or null. */
export const personIdByEmail = async (db: Db, email: string): Promise<string | null> => {
  const found = await db.prisma.user.findUnique({
    where: { email, placeholder: false },
    select: { id: true },
  });
  return found?.id ?? null;
};

const FILTERS: Record<PeopleFilter, string> = {
  active: 'not u.placeholder and u.deactivated_at is null',
  admins: `not u.placeholder and u.deactivated_at is null and u.role = 'admin'`,
  deactivated: 'u.deactivated_at is not null',
  placeholders: 'u.placeholder',
};

interface ManagedRow extends PersonRow {
  email: string;
  created_at: Date;
  last_active_at: Date | null;
  devices: number;
  reset_until: Date | null;
}

/** People by name, one page. Details are read only for the people on the page. */
export const managedPeople = async (
  db: Db,
  {
    query,
    filter,
    after,
    limit,
  }: { query: string; filter: PeopleFilter; after: string | null; limit: number },
): Promise<ManagedPeoplePage> => {
  const { rows } = await db.pool.query<ManagedRow>(
    `with page as (
       select ${PERSON_COLUMNS}, u.email, u.created_at from "user" u
       where ${FILTERS[filter]}
         and ($1 = '' or u.folded like '%' || $4 || '%' or (not u.placeholder and u.email ilike '%' || $1 || '%'))
         and ($2::uuid is null or
           (lower(u.name), u.id) > (select lower(l.name), l.id from "user" l where l.id = $2))
       order by lower(u.name), u.id limit $3)
     select p.*, s.devices, greatest(s.last_active_at, p.last_seen_at) as last_active_at,
       (select r.expires_at from password_reset r where r.user_id = p.id and r.expires_at > now()) as reset_until
     from page p cross join lateral (
       select count(*)::int as devices, max(last_active_at) as last_active_at
       from session where user_id = p.id and expires_at > now()) s
     order by lower(p.name), p.id`,
    [likeText(query.trim()), after, limit + 1, likeText(foldedQuery(query))],
  );
  const people = rows.slice(0, limit).map(toManaged);
  return {
    people,
    next: rows.length > limit ? (people.at(-1)?.id ?? null) : null,
    counts: after === null ? await countPeople(db) : null,
  };
};

const toManaged = (row: ManagedRow): ManagedPerson => ({
  ...toPerson(row),
  email: row.placeholder ? '' : row.email,
  role: row.workspace_role,
  createdAt: row.created_at.getTime(),
  deactivatedAt: row.deactivated_at?.getTime() ?? null,
  lastActiveAt: row.last_active_at?.getTime() ?? null,
  devices: row.devices,
  resetUntil: row.reset_until?.getTime() ?? null,
});

const countPeople = async (db: Db): Promise<Record<PeopleFilter, number>> => {
  const { rows } = await db.pool.query<Record<PeopleFilter, number>>(
    `select ${Object.entries(FILTERS)
      .map(([name, where]) => `count(*) filter (where ${where})::int as "${name}"`)
      .join(', ')} from "user" u`,
  );
  return rows[0] as Record<PeopleFilter, number>;
};
