import { readFileSync } from 'node:fs';
import type { Settings } from '@lockstep/core';
import { type Db, directId, uuidv5 } from '@lockstep/db';
import { createPeople, findPeople, type People } from './accounts.ts';
import type { Key } from './cast.ts';
import { CONVERSATIONS, DIRECT } from './conversations.ts';
import { seeded } from './random.ts';
import { schedule } from './schedule.ts';
import { type Stored, settle, storeConversation } from './store.ts';
import { parseThreads, type Thread } from './thread.ts';

export interface Filled {
  /** `foreign`: there are other people's accounts, so nothing was done. */
  state: 'filled' | 'already' | 'foreign';
  people: number;
  conversations: number;
  messages: number;
}

/** The same people say the same things in every demo; only the days move with `now`. */
const SEED = 20_241_124;

/**
 * Fills an empty workspace with people and six weeks of their conversations. A second run changes nothing; one after a
 * crash goes on. A workspace that has other accounts is left alone: the demo's people do not belong among them.
 */
export const fill = async (db: Db, settings: Settings, now = new Date()): Promise<Filled> => {
  const { people: known, hasOtherPeople } = await findPeople(db);
  if (hasOtherPeople && Object.keys(known).length === 0)
    return { state: 'foreign', people: 0, conversations: 0, messages: 0 };
  const people = await createPeople(db, settings, known);
  const conversations = [...shared(now), ...direct(people, now)];
  const counts = { people: Object.keys(people).length, conversations: conversations.length };
  // Ann's notes are stored last: once they are there, so is everything else.
  if (await isThere(db, directId(people.ann, people.ann)))
    return { state: 'already', ...counts, messages: 0 };
  const marker = conversations.findIndex(({ id }) => id === directId(people.ann, people.ann));
  const [last] = conversations.splice(marker, 1) as [Stored];
  let messages = 0;
  for (const conversation of conversations) messages += await storeConversation(db, people, conversation);
  await settle(db, people, conversations, settings.FANOUT_THRESHOLD);
  await showOffline(db, people, now);
  messages += await storeConversation(db, people, last);
  await settle(db, people, [last], settings.FANOUT_THRESHOLD);
  return { state: 'filled', ...counts, messages };
};

const threadsOf = (slug: string): Thread[] =>
  parseThreads(readFileSync(new URL(`./threads/${slug}.md`, import.meta.url), 'utf8'));

const shared = (now: Date): Stored[] =>
  CONVERSATIONS.map(({ slug, kind, title, topic, visibility, members, unread, ...plan }, index) => ({
    id: uuidv5(`demo\n${slug}`),
    kind,
    title,
    topic,
    visibility,
    members,
    unread,
    messages: schedule(
      { ...plan, log: plan.log, threads: plan.log ? [] : threadsOf(slug) },
      now,
      seeded(SEED + index),
    ),
  }));

const direct = (people: People, now: Date): Stored[] => {
  const byPair = new Map<string, Thread[]>();
  for (const thread of threadsOf('direct')) {
    const pair = thread.between.join(' ');
    byPair.set(pair, [...(byPair.get(pair) ?? []), thread]);
  }
  return [...byPair].map(([pair, threads], index) => {
    const members = pair.split(' ') as Key[];
    const { quietFor = 2_900, unread = {} } = DIRECT[pair] ?? {};
    const notes = members.length === 1;
    return {
      id: directId(people[members[0] as Key], people[members.at(-1) as Key]),
      kind: 'direct' as const,
      title: null,
      topic: null,
      visibility: 'private' as const,
      members,
      unread,
      messages: schedule(
        {
          threads: threads.map((thread) => (notes ? { ...thread, recent: true } : thread)),
          repeats: 2,
          hours: [8, 17],
          quietFor,
        },
        now,
        seeded(SEED + 1_000 + index),
      ),
    };
  });
};

const isThere = async (db: Db, conversationId: string): Promise<boolean> =>
  (await db.pool.query('select 1 from conversation where id = $1', [conversationId])).rowCount === 1;

/** Sets a past last-seen time, so that "last seen" shows something. */
const showOffline = async (db: Db, people: People, now: Date): Promise<void> => {
  const random = seeded(SEED - 1);
  const ids = Object.values(people);
  await db.pool.query(
    `update "user" u set last_seen_at = p.at from unnest($1::uuid[], $2::timestamptz[]) as p(id, at)
     where u.id = p.id and u.last_seen_at is null`,
    [ids, ids.map(() => new Date(now.getTime() - random.int(2, 600) * 60_000))],
  );
};
