import { randomUUID } from 'node:crypto';
import { actions } from '@lockstep/core';
import { appendAudit, fanOut, laggingConversations } from '@lockstep/db';
import { LIMITS } from '@lockstep/protocol';
import type { TestPerson, World } from '@lockstep/testing';

/** What the worst of what people can write into a store is made of. */
export interface HostileStore {
  eve: TestPerson;
  ben: TestPerson;
  admin: TestPerson;
  /** Eve and Ben are in it; `edited` was edited hundreds of times. */
  conversationId: string;
  head: number;
  edited: number;
  /** Of thousands of members. */
  crowd: string;
  /** Only Ben's. */
  quiet: string;
}

const LONGEST = LIMITS.messageText;
const long = (piece: string) => piece.repeat(Math.floor(LONGEST / [...piece].length)).trimEnd();
const words = Array.from({ length: 32 }, (_, i) => `w${i}`).join(' ');
const marks = Array.from({ length: LONGEST - 1 }, (_, i) => String.fromCodePoint(0x300 + ((i * 37) % 0x6f)));

const BODIES: string[] = [
  ...Array<string>(40).fill(long('b ')),
  ...Array<string>(1_000).fill(words),
  ...Array<string>(20).fill(long('a b ')),
  ...Array<string>(5).fill('>'.repeat(2_500)),
  ...Array<string>(5).fill('- '.repeat(1_300).trimEnd()),
  ...Array<string>(10).fill(`a${marks.join('')}`),
  ...Array<string>(10).fill('😀'.repeat(LONGEST)),
  ...Array<string>(10).fill(long('ﷺ')),
  ...Array<string>(10).fill(`${'!'.repeat(LONGEST - 1)}a`),
  ...Array<string>(120).fill(long('的好')),
  ...Array<string>(120).fill('𠀀'.repeat(LONGEST)),
];

export const makeHostileStore = async (world: World): Promise<HostileStore> => {
  const { core } = world;
  const { pool } = core.db;
  const eve = await world.person('Eve');
  const ben = await world.person('Ben');
  const admin = await world.person('Admin', { role: 'admin' });
  const group = async (title: string, ...others: TestPerson[]) =>
    (await actions.createGroup(eve.actor, core, { title, userIds: others.map(({ id }) => id) })).conversation
      .id;
  const conversationId = await group('Hostile', ben);
  const quiet = (await actions.createGroup(ben.actor, core, { title: 'Quiet', userIds: [] })).conversation.id;
  await actions.sendMessage(ben.actor, core, { conversationId: quiet, clientId: randomUUID(), body: 'Hi' });

  const fill = async (id: string, bodies: string[]): Promise<number> => {
    const { rows } = await pool.query<{ head_seq: number }>(
      `with head as (update conversation set head_seq = head_seq + $3, head_rev = head_rev + $3 where id = $1
         returning head_seq, head_rev),
       stored as (
         insert into message (conversation_id, seq, rev, sender_id, client_id, body, created_at)
         select $1, h.head_seq - $3 + b.n, h.head_rev - $3 + b.n, $2, gen_random_uuid(), b.body, now()
         from head h cross join unnest($4::text[]) with ordinality b(body, n))
       select head_seq from head`,
      [id, eve.id, bodies.length, bodies],
    );
    return rows[0]?.head_seq ?? 0;
  };
  const head = await fill(conversationId, BODIES);
  const edited = head;
  await pool.query(
    `insert into message_version (conversation_id, seq, version, body, created_at, sent_at)
     select $1, $2, n, repeat('b ', 3990) || n, now(), now() from generate_series(1, 400) n`,
    [conversationId, edited],
  );
  await pool.query('update message set edited_at = now() where conversation_id = $1 and seq = $2', [
    conversationId,
    edited,
  ]);

  const crowd = (
    await actions.createChannel(eve.actor, core, { title: 'Crowd', visibility: 'public', userIds: [] })
  ).conversation.id;
  await pool.query(
    `with people as (insert into "user" (name, email) select 'Person b ' || n, n || '@crowd.invalid'
       from generate_series(1, 3000) n returning id),
     joined as (insert into member (conversation_id, user_id, role, joined_seq, joined_rev)
       select $1, id, 'member', 1, 1 from people)
     update conversation set member_count = member_count + 3000 where id = $1`,
    [crowd],
  );

  const many = await Promise.all(Array.from({ length: 300 }, (_, i) => group(`b ${i}`)));
  for (const id of many) await fill(id, ['𠀀'.repeat(LONGEST)]);
  for (let i = 0; i < many.length; i += 100)
    await fanOut(core.db, many.slice(i, i + 100), { threshold: 500 });
  await fanOut(core.db, [conversationId, crowd, quiet], { threshold: 500 });
  await pool.query(
    `update inbox_entry set draft_text = repeat('𠀀', $2), draft_version = 1, draft_at = now() where user_id = $1`,
    [eve.id, LIMITS.draftText],
  );
  await pool.query(
    `insert into session (user_id, token, expires_at, user_agent)
     select $1, gen_random_uuid()::text, now() + interval '1 day', repeat('Mozilla/5.0 ', 25) from generate_series(1, 500)`,
    [eve.id],
  );
  await pool.query(
    `insert into saved_search (user_id, text, name, saved_at) select $1, repeat('b ', 240) || n, repeat('b', 60), now()
     from generate_series(1, 100) n`,
    [eve.id],
  );
  await pool.query(
    `insert into invitation (code_hash, created_by, expires_at, uses_left)
     select gen_random_uuid()::text, $1, now() + interval '1 day', 1 from generate_series(1, 500)`,
    [admin.id],
  );
  for (let i = 0; i < 60; i++)
    await appendAudit(core.db, {
      actorId: admin.id,
      sessionId: admin.actor.sessionId,
      address: null,
      device: null,
      action: 'search',
      reason: 'b '.repeat(140).trim(),
      asked: { text: 'b '.repeat(240) },
      answered: 1,
      conversationIds: Array.from({ length: 200 }, () => randomUUID()),
    });

  await core.search.index.prepare();
  for (;;) {
    const ids = await laggingConversations(core.db, core.search.index.consumer, 100);
    if (ids.length === 0) break;
    await core.search.index.apply(ids);
  }
  // What is not in the index is searched as it stands.
  await fill(conversationId, [
    ...Array<string>(60).fill(long('b ')),
    ...Array<string>(60).fill('😀'.repeat(LONGEST)),
  ]);
  return { eve, ben, admin, conversationId, head, edited, crowd, quiet };
};
