import { handlers } from '@lockstep/api';
import { type Actor, type Core, createCore, type Publisher, silentPublisher } from '@lockstep/core';
import { loadSettings } from '@lockstep/core/settings';
import { countChanged, createDb } from '@lockstep/db';
import type { ChangePage, Person, Receipt } from '@lockstep/protocol';
import { type Name, procedures } from '@lockstep/protocol/contract';
import pino from 'pino';

/** Members above which a conversation of the simulation is read from its head. Small: a few people cross it. */
export const THRESHOLD = 4;
/** The most that one page of the simulated server holds, and the changed messages behind which it says `reset`. */
const PAGE = 7;
const RESET_AFTER = 60;

/** A call of the API by this person. */
export type Answer = (userId: string, name: Name, input: unknown) => Promise<unknown>;

/** What a run plugs into the one core of a process. */
interface Plug {
  publish: Publisher;
  enqueue(conversationIds: string[]): void;
}

/** The real actions on a real database, for one run after the other. */
export interface SimWorld {
  core: Core;
  plug(run: Plug): void;
  call: Answer;
  /** In short pages, and with a reset soon: a short run meets each. */
  callInShort: Answer;
  /** Makes people with these ids, and removes what an earlier run of this seed left. */
  people(seed: number, people: { id: string; name: string }[]): Promise<void>;
  close(): Promise<void>;
}

const NOTHING: Plug = {
  publish: silentPublisher,
  enqueue: () => {},
};

export const createSimWorld = (databaseUrl: string, { threshold = THRESHOLD } = {}): SimWorld => {
  let run = NOTHING;
  const settings = loadSettings({
    NODE_ENV: 'test',
    DATABASE_URL: databaseUrl,
    AUTH_SECRET: 'only-for-tests-only-for-tests-only-for-tests',
    PUBLIC_URL: 'http://chat.example.org',
    RATE_LIMITS: 'off',
    FANOUT_THRESHOLD: `${threshold}`,
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
    enqueueConversations: (ids) => run.enqueue(ids),
    log: pino({ level: 'silent' }),
  });
  const seeds = new Set<number>();
  let prepared: Promise<void> | null = null;
  const prepare = async () => {
    await core.search.index.prepare();
    await core.search.index.upgrade({});
  };
  return {
    core,
    plug: (next) => {
      run = next;
    },
    call: (userId, name, input) => callCore(core, userId, name, input),
    callInShort: async (userId, name, input) => {
      const answer = await callCore(core, userId, name, withSmallPage(input));
      if (name !== 'sync.changes') return answer;
      return resetSoon(core, answer as ChangePage, (input as { afterRev: number }).afterRev);
    },
    people: async (seed, people) => {
      prepared ??= prepare();
      await prepared;
      // Also now and then, so that no query walks what thousands of runs have left.
      if (seeds.has(seed) || seeds.size >= 200) {
        await core.db.pool.query(
          `truncate "user", conversation, member, message, mention, message_version, checkpoint, search_message,
           inbox_cursor, inbox_entry cascade`,
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

/**
 * A call of the API in process: what the contract says of its input, and its handler. What the server gives in no
 * certain order has one here, so that a seed is the same again.
 */
const callCore = async (core: Core, userId: string, name: Name, given: unknown): Promise<unknown> => {
  const [family, verb] = name.split('.') as [string, string];
  const handler = (handlers as unknown as AnyHandlers)[family]?.[verb];
  if (!handler) throw new Error(`no handler of ${name}`);
  const answer = await handler({ actor: actorOf(userId), core }, procedures.get(name)?.input?.parse(given));
  if (name === 'sync.receipts') return (answer as Receipt[]).sort(by((one) => one.userId));
  if (name === 'people.get') return (answer as Person[]).sort(by((one) => one.id));
  return answer;
};

type AnyHandlers = Record<string, Record<string, (caller: object, input: unknown) => Promise<unknown>>>;

const withSmallPage = (input: unknown): unknown => {
  const { limit } = (input ?? {}) as { limit?: number };
  return limit === undefined ? input : { ...(input as object), limit: Math.min(limit, PAGE) };
};

const resetSoon = async (core: Core, page: ChangePage, afterRev: number): Promise<ChangePage> => {
  const span = { afterRev, toRev: page.headRev, most: RESET_AFTER + 1 };
  return (await countChanged(core.db, page.conversationId, span)) > RESET_AFTER
    ? { ...page, messages: [], to: page.headRev, reset: true }
    : page;
};

const by =
  <T>(key: (one: T) => string) =>
  (a: T, b: T): number =>
    key(a) < key(b) ? -1 : 1;
