import { directId, foldedQuery, gradeOf, kindHas, likeText, type Queryable, wordsOf } from '@lockstep/db';
import type { KnownNames, SearchConversation, SearchPerson } from '@lockstep/protocol';
import type { Pair } from './plan.ts';
import type { Directory, Named } from './planner.ts';
import type { Scope } from './scope.ts';

/** People or conversations that one name stands for at most. */
const MAX_FOUND = 2_000;

const named = (ids: string[]): Named => ({ ids: ids.slice(0, MAX_FOUND), more: ids.length > MAX_FOUND });

/**
 * The people a name means, ignoring case, accents and width (`fold`): the members whose whole name it is, together
 * with names from an import that are the same; where there is no such member, all who have it as a word of their
 * name; else those whose name begins with it, else those with a word that does, else those with it anywhere.
 */
const findPeople = async (client: Queryable, who: Exclude<SearchPerson, { me: true }>): Promise<Named> => {
  if ('id' in who) {
    const { rows } = await client.query<{ id: string }>('select id from "user" where id = $1', [who.id]);
    return named(rows.map((row) => row.id));
  }
  const folded = foldedQuery(who.name);
  if (folded === '') return named([]);
  const { rows } = await client.query<{ id: string }>(
    `with found as materialized (
       select id, placeholder, folded,
         case when folded = $1 then 0 when ' ' || ${wordsOf('folded')} || ' ' like '% ' || $2 || ' %' then 1
           when folded like $2 || '%' then 2 when ${wordsOf('folded')} like '% ' || $2 || '%' then 3 else 4 end as grade
       from "user" where folded like '%' || $2 || '%'
     ), best as (
       select min(case when grade = 0 and placeholder then 1 else grade end) as grade from found
     )
     select id from found where grade <= (select grade from best) order by grade, placeholder, id limit $3`,
    [folded, likeText(folded), MAX_FOUND + 1],
  );
  return named(rows.map((row) => row.id));
};

/** Only conversations that the viewer may see: missing and forbidden ones are not distinguished (rule 10). */
const findConversations = async (
  client: Queryable,
  { conversations }: Scope,
  where: Exclude<SearchConversation, { person: SearchPerson }>,
): Promise<Named> => {
  if ('id' in where) {
    if (conversations) return named(conversations.has(where.id) ? [where.id] : []);
    const { rows } = await client.query<{ id: string }>('select id from conversation where id = $1', [
      where.id,
    ]);
    return named(rows.map((row) => row.id));
  }
  const folded = foldedQuery(where.title);
  if (folded === '') return named([]);
  const { rows } = await client.query<{ id: string }>(
    `with found as (
       select id, ${gradeOf('folded_title', '$1', '$2')} as grade from conversation
       where ($3::uuid[] is null or id = any($3)) and folded_title like '%' || $2 || '%'
     )
     select id from found where least(grade, 2) = (select min(least(grade, 2)) from found) order by id limit $4`,
    [folded, likeText(folded), conversations ? [...conversations.keys()] : null, MAX_FOUND + 1],
  );
  return named(rows.map((row) => row.id));
};

/** How far a person has read each conversation they are in. Where there is no entry yet, as when joining: up to there. */
const readPositions = async (client: Queryable, userId: string): Promise<Map<string, number>> => {
  const { rows } = await client.query<{ conversation_id: string; seq: number }>(
    `select m.conversation_id, greatest(m.joined_seq, coalesce(e.read_seq, 0)) as seq from active_member m
     left join inbox_entry e on e.user_id = m.user_id and e.conversation_id = m.conversation_id
     where m.user_id = $1`,
    [userId],
  );
  return new Map(rows.map((row) => [row.conversation_id, row.seq]));
};

/** `to:` is about direct conversations of the viewer: what the other one wrote there, and notes to oneself. */
const pairsTo = async (client: Queryable, { viewer }: Scope, userIds: string[]): Promise<Pair[]> => {
  if (userIds.length === 0) return [];
  const { rows } = await client.query<{ conversation_id: string; sender_id: string }>(
    `select m.conversation_id, coalesce(s.user_id, m.user_id) as sender_id
     from active_member v join conversation c on c.id = v.conversation_id and ${kindHas('c.kind', 'hasPeer')}
     join member m on m.conversation_id = c.id and m.user_id = any($2::uuid[])
     left join member s on s.conversation_id = c.id and s.user_id <> m.user_id
     where v.user_id = $1`,
    [viewer.userId, userIds],
  );
  return rows.map((row) => ({ conversationId: row.conversation_id, senderId: row.sender_id }));
};

const directsWith = ({ viewer, conversations }: Scope, userIds: string[]): string[] => {
  const ids = userIds.map((userId) => directId(viewer.userId, userId));
  return conversations === null ? ids : ids.filter((id) => conversations.has(id));
};

/** Looks names up in the store, as the viewer sees it. */
export const storeDirectory = (client: Queryable, scope: Scope): Directory => ({
  people: (who) => findPeople(client, who),
  conversations: (where) => findConversations(client, scope, where),
  directsWith: (userIds) => directsWith(scope, userIds),
  pairsTo: (userIds) => pairsTo(client, scope, userIds),
  readPositions: () => readPositions(client, scope.viewer.userId),
});

/** Parts of a query that may be names of several words: found out by reading it once, then looked up together. */
export class NameCandidates implements KnownNames {
  readonly people = new Set<string>();
  readonly titles = new Set<string>();

  isPerson(name: string): boolean {
    if (this.people.size < MAX_CANDIDATES) this.people.add(name);
    return false;
  }

  isTitle(name: string): boolean {
    if (this.titles.size < MAX_CANDIDATES) this.titles.add(name);
    return false;
  }

  get isEmpty(): boolean {
    return this.people.size + this.titles.size === 0;
  }
}
/** Of one query. */
const MAX_CANDIDATES = 60;

/** Those that are names, or whole words of names, as `hasNameWords` says it; of conversations only the viewer's (rule 10). */
export const knownNames = async (
  client: Queryable,
  { conversations }: Scope,
  { people, titles }: NameCandidates,
): Promise<KnownNames> => {
  const known = async (candidates: Set<string>, from: string, ...values: unknown[]) => {
    if (candidates.size === 0) return new Set<string>();
    const folded = [...new Set([...candidates].map((name) => foldedQuery(name)))].filter(Boolean);
    const { rows } = await client.query<{ name: string }>(
      `select name from unnest($1::text[], $2::text[]) c(name, words) where exists (select 1 from ${from})`,
      [folded, folded.map(likeText), ...values],
    );
    return new Set(rows.map(({ name }) => name));
  };
  const has = (column: string) =>
    `${column} like '%' || c.words || '%' and ' ' || ${wordsOf(column)} || ' ' like '% ' || c.words || ' %'`;
  const persons = await known(people, `"user" where ${has('folded')}`);
  const rooms = await known(
    titles,
    `conversation where ($3::uuid[] is null or id = any($3)) and ${has('folded_title')}`,
    conversations ? [...conversations.keys()] : null,
  );
  return {
    isPerson: (name) => persons.has(foldedQuery(name)),
    isTitle: (name) => rooms.has(foldedQuery(name)),
  };
};
