import { randomUUID } from 'node:crypto';
import type { Db } from '@lockstep/db';
import { type Corpus, numbers, sentence } from './corpus.ts';

export interface SearchStore {
  /** People with 40 conversations each. */
  viewers: string[];
  messages: number;
}

const PEOPLE = 600;
const VIEWERS = 4;
const CONVERSATIONS_OF_VIEWER = 40;
const CHUNK = 10_000;
const YEARS_MS = 3 * 365 * 86_400_000;

/**
 * Fills a store with a workspace's past: few large conversations and many small ones, three years of messages that
 * arrive in the order of time. A viewer is in 40 conversations that hold about 4.5% of all messages.
 */
export const fillSearchStore = async (db: Db, corpus: Corpus, messages: number): Promise<SearchStore> => {
  const below = numbers(42);
  const count = Math.max(200, Math.round(messages / 700));
  const people = Array.from({ length: PEOPLE }, () => randomUUID());
  await db.pool.query(
    `insert into "user" (id, name, email) select id, 'Person ' || n, 'p' || n || '@example.org'
     from unnest($1::uuid[]) with ordinality u(id, n)`,
    [people],
  );
  const conversations = Array.from({ length: count }, () => ({
    id: randomUUID(),
    seq: 0,
    senders: [] as string[],
  }));
  for (const one of conversations)
    one.senders = Array.from({ length: 12 }, () => people[VIEWERS + below(PEOPLE - VIEWERS)] as string);
  const viewers = people.slice(0, VIEWERS);
  // The share of a conversation falls with its place in the list.
  const weights = conversations.map((_, i) => 1 / (i + 10));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  const members = new Map<string, number[]>();
  for (const viewer of viewers) {
    const mine = new Set<number>();
    let share = 0;
    for (let tries = 0; mine.size < CONVERSATIONS_OF_VIEWER && tries < 100_000; tries++) {
      const i = below(count);
      const next = share + (weights[i] as number) / all;
      if (mine.has(i) || next > 0.046) continue;
      mine.add(i);
      share = next;
    }
    members.set(viewer, [...mine]);
    for (const i of mine) conversations[i]?.senders.push(viewer);
  }
  await db.pool.query(
    `insert into conversation (id, kind, title, created_by) select id, 'channel', 'channel ' || n, $2
     from unnest($1::uuid[]) with ordinality c(id, n)`,
    [conversations.map(({ id }) => id), people[0]],
  );
  const memberships = conversations.flatMap(({ id, senders }) =>
    [...new Set(senders)].map((user) => [id, user]),
  );
  await db.pool.query(
    `insert into member (conversation_id, user_id, joined_seq, joined_rev)
     select c, u, 0, 0 from unnest($1::uuid[], $2::uuid[]) m(c, u)`,
    [memberships.map(([id]) => id), memberships.map(([, user]) => user)],
  );
  const sums: number[] = [];
  weights.reduce((sum, weight, i) => {
    sums[i] = sum + weight / all;
    return sums[i] as number;
  }, 0);
  const draw = () => {
    const at = below(1_000_000) / 1_000_000;
    let low = 0;
    let high = count - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] as number) < at) low = middle + 1;
      else high = middle;
    }
    return conversations[low] as (typeof conversations)[number];
  };
  const start = Date.now() - YEARS_MS;
  for (let done = 0; done < messages; done += CHUNK) {
    const rows = Array.from({ length: Math.min(CHUNK, messages - done) }, (_, i) => {
      const conversation = draw();
      conversation.seq++;
      const sender = conversation.senders[below(conversation.senders.length)] as string;
      const at = new Date(start + ((done + i) / messages) * YEARS_MS);
      return [conversation.id, conversation.seq, sender, sentence(corpus, below), at] as const;
    });
    await db.pool.query(
      `insert into message (conversation_id, seq, rev, sender_id, client_id, body, created_at)
       select c, s, s, u, gen_random_uuid(), b, t from unnest($1::uuid[], $2::int[], $3::uuid[], $4::text[], $5::timestamptz[]) m(c, s, u, b, t)`,
      [0, 1, 2, 3, 4].map((column) => rows.map((row) => row[column])),
    );
  }
  await db.pool.query(
    `update conversation c set head_seq = x.seq, head_rev = x.seq from unnest($1::uuid[], $2::int[]) x(id, seq) where c.id = x.id`,
    [conversations.map(({ id }) => id), conversations.map(({ seq }) => seq)],
  );
  await db.pool.query('analyze');
  return { viewers, messages };
};
