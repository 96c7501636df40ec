import { LIMITS, LockstepError, type Role } from '@lockstep/protocol';
import type { Output, Parsed } from '@lockstep/protocol/contract';
import type { Db } from '../db.ts';
import { PERSON_COLUMNS, type PersonRow, toPerson } from '../people/people.ts';
import type { Queryable } from '../transaction.ts';

/** Active members by user id. LockstepError `not_found` when the viewer is not one of them (rule 10). */
export const membersPage = async (
  db: Db,
  viewerId: string,
  { conversationId, afterUserId, limit }: Parsed<'conversations.members'>,
): Promise<Output<'conversations.members'>> => {
  const size = Math.max(1, Math.min(limit, LIMITS.page));
  const { rows } = await db.pool.query<PersonRow & { role: Role; joined_at: Date }>(
    `select ${PERSON_COLUMNS}, m.role, m.joined_at from active_member v
     join active_member m on m.conversation_id = v.conversation_id
     join "user" u on u.id = m.user_id
     where v.conversation_id = $1 and v.user_id = $2
       and ($3::uuid is null or m.user_id > $3)
     order by m.user_id limit $4`,
    [conversationId, viewerId, afterUserId ?? null, size + 1],
  );
  // After the last page the result is empty although the viewer is a member.
  if (rows.length === 0 && !(await isMember(db.pool, conversationId, viewerId)))
    throw new LockstepError('not_found');
  const members = rows.slice(0, size).map((row) => ({
    userId: row.id,
    role: row.role,
    joinedAt: row.joined_at.getTime(),
    person: toPerson(row),
  }));
  return { members, next: rows.length > size ? (members.at(-1)?.userId ?? null) : null };
};

export const isMember = async (
  client: Queryable,
  conversationId: string,
  userId: string,
): Promise<boolean> => {
  const { rows } = await client.query(
    'select 1 from active_member where conversation_id = $1 and user_id = $2',
    [conversationId, userId],
  );
  return rows.length > 0;
};

/** Those of these people who are not active members. */
export const outsiders = async (
  client: Queryable,
  conversationId: string,
  userIds: string[],
): Promise<string[]> => {
  const { rows } = await client.query<{ id: string }>(
    `select distinct i.id from unnest($2::uuid[]) as i(id) where not exists (
       select 1 from active_member m where m.conversation_id = $1 and m.user_id = i.id) order by i.id`,
    [conversationId, userIds],
  );
  return rows.map((row) => row.id);
};
