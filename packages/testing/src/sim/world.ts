import {
  type Actor,
  actions,
  type Core,
  createCore,
  type Publisher,
  queries,
  silentPublisher,
} from '@lockstep/core';
import { loadSettings } from '@lockstep/core/settings';
import { countChanged, createDb } from '@lockstep/db';
import pino from 'pino';
import type { Doors } from './network.ts';

/** Members above which a conversation of the simulation is read from its head. Small: a few people cross it. */
export const THRESHOLD = 4;
/** The most that one page of the simulated server holds, and the changed messages behind which it says `reset`. */
const PAGE = 7;
const RESET_AFTER = 60;

/** What a run plugs into the one core of a process. */
export interface Plug {
  publish: Publisher;
  moved(conversationIds: string[]): void;
}

/** The real actions on a real database, for one run after the other. */
export interface SimWorld {
  core: Core;
  plug(run: Plug): void;
  /** Makes people with these ids, and removes what an earlier run of this seed left. */
  people(seed: number, people: { id: string; name: string }[]): Promise<void>;
  close(): Promise<void>;
}

const NOTHING: Plug = {
  publish: silentPublisher,
  moved: () => {},
};

export const createSimWorld = (databaseUrl: string): SimWorld => {
  let run = NOTHING;
  const settings = loadSettings({
    NODE_ENV: 'test',
    DATABASE_URL: databaseUrl,
    AUTH_SECRET: 'only-for-tests-only-for-tests-only-for-tests',
    PUBLIC_URL: 'http://chat.example.org',
    RATE_LIMITS: 'off',
    FANOUT_THRESHOLD: `${THRESHOLD}`,
  });
  const url = new URL(databaseUrl);
  url.searchParams.set('options', '-c synchronous_commit=off');
  const core = createCore({
    db: createDb({ connectionString: url.href, poolSize: 8 }),
    settings,
    publish: {
      ...silentPublisher,
      changes: (event) => run.publish.changes(event),
      inbox: (userId, entry) => run.publish.inbox(userId, entry),
      receipt: (event) => run.publish.receipt(event),
      joined: (id, userIds) => run.publish.joined(id, userIds),
      left: (id, userIds) => run.publish.left(id, userIds),
      ended: (target, reason) => run.publish.ended(target, reason),
    },
    moved: (ids) => run.moved(ids),
    log: pino({ level: 'silent' }),
  });
  const seeds = new Set<number>();
  return {
    core,
    plug: (next) => {
      run = next;
    },
    people: async (seed, people) => {
      // Also now and then, so that no query walks what thousands of runs have left.
      if (seeds.has(seed) || seeds.size >= 200) {
        await core.db.pool.query(
          `truncate "user", conversation, member, message, mention, message_version, checkpoint, inbox_cursor,
           inbox_entry cascade`,
        );
        seeds.clear();
      }
      seeds.add(seed);
      await core.db.pool.query(
        `insert into "user" (id, name, email) select id, name, id || '@people.invalid'
         from unnest($1::uuid[], $2::text[]) as p(id, name)`,
        [people.map((person) => person.id), people.map((person) => person.name)],
      );
    },
    close: () => core.db.close(),
  };
};

export const actorOf = (userId: string): Actor => ({ userId, sessionId: userId, role: 'member' });

/** The calls of the API, in process. Pages are small and a reset is near: a short run meets each. */
export const doorsOf = (core: Core, userId: string): Doors => {
  const actor = actorOf(userId);
  const size = (limit: number) => Math.min(limit, PAGE);
  return {
    inbox: (afterPos, limit, timelines, peopleRev) =>
      queries.pullInbox(actor, core, { afterPos, limit: size(limit), timelines, peopleRev }),
    entry: (conversationId) => queries.getConversation(actor, core, { conversationId }),
    changes: async (conversationId, afterRev, limit) => {
      const page = await queries.pullChanges(actor, core, { conversationId, afterRev, limit: size(limit) });
      const span = { afterRev, toRev: page.headRev, most: RESET_AFTER + 1 };
      return (await countChanged(core.db, conversationId, span)) > RESET_AFTER
        ? { ...page, messages: [], to: page.headRev, reset: true }
        : page;
    },
    before: (conversationId, seq, limit) =>
      queries.messagesBefore(actor, core, { conversationId, seq: seq ?? undefined, limit: size(limit) }),
    after: (conversationId, seq, limit) =>
      queries.messagesAfter(actor, core, { conversationId, seq, limit: size(limit) }),
    around: (conversationId, seq, limit) =>
      queries.messagesAround(actor, core, { conversationId, seq, limit: size(limit) }),
    send: (conversationId, clientId, body) =>
      actions.sendMessage(actor, core, { conversationId, clientId, body }),
    edit: (conversationId, seq, body, baseEditedAt) =>
      actions.editMessage(actor, core, { conversationId, seq, body, baseEditedAt }),
    recall: (conversationId, seq) => actions.recallMessage(actor, core, { conversationId, seq }),
    read: (conversationId, seq) => actions.setReadPosition(actor, core, { conversationId, seq }),
    personal: (conversationId, change) => actions.setPersonal(actor, core, { conversationId, ...change }),
    draft: (conversationId, text, baseVersion) =>
      actions.setDraft(actor, core, { conversationId, text, baseVersion }),
    receipts: async (conversationId) =>
      (await queries.listReceipts(actor, core, { conversationId })).sort(by((one) => one.userId)),
    digest: (ranges) => queries.pullDigest(actor, core, { ranges }),
    atTime: (conversationId, at) => queries.messageAtTime(actor, core, { conversationId, at }),
    peopleChanges: (afterRev, limit) => queries.pullPeople(actor, core, { afterRev, limit: size(limit) }),
    people: async (userIds) => (await queries.getPeople(actor, core, { userIds })).sort(by((one) => one.id)),
  };
};

const by =
  <T>(key: (one: T) => string) =>
  (a: T, b: T): number =>
    key(a) < key(b) ? -1 : 1;
