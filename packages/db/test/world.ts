import { randomUUID } from 'node:crypto';
import {
  type Changed,
  changeMessage,
  createConversation,
  createDb,
  type Db,
  fanOut,
  withConversation,
} from '@lockstep/db';
import { LockstepError, type Message } from '@lockstep/protocol';
import { testDatabase } from '@lockstep/testing/cluster';
import { afterAll, beforeAll } from 'vitest';

export const uuid = (): string => randomUUID();

/** A database of its own with one Db on it; `another()` is a further process as far as Postgres can tell. */
const makeWorld = async () => {
  const database = await testDatabase();
  const open: Db[] = [];
  const another = (options = {}) => {
    const db = createDb({ connectionString: database.url, poolSize: 5, ...options });
    open.push(db);
    return db;
  };
  return {
    db: another(),
    another,
    url: database.url,
    close: async () => {
      await Promise.all(open.map((db) => db.close()));
      await database.drop();
    },
  };
};

/** What `ownWorld` has made for the tests of this file. */
export let world: Awaited<ReturnType<typeof makeWorld>>;
export let db: Db;

/** Called once at the top of a file: its tests have a world of their own. */
export const ownWorld = (): void => {
  beforeAll(async () => {
    world = await makeWorld();
    db = world.db;
  });
  afterAll(() => world.close());
};

/** A group of these people, the first being the owner. */
export const makeGroup = async (db: Db, people: string[]): Promise<string> => {
  const [owner = uuid(), ...others] = people;
  const id = uuid();
  await createConversation(
    db,
    { id, kind: 'group', visibility: 'private', title: 'Test', topic: null, createdBy: owner },
    async (tx) => {
      await tx.appendSystem(owner, { type: 'created', title: 'Test' });
      await tx.join([owner], 'owner');
      if (others.length > 0) await tx.join(others);
    },
  );
  return id;
};

/** A group of two that the fan-out has told both of. `other` is the owner. */
export const makePair = async (): Promise<{ me: string; other: string; id: string }> => {
  const [me, other] = [uuid(), uuid()];
  const id = await makeGroup(db, [other, me]);
  await settle(id);
  return { me, other, id };
};

export const settle = (conversationId: string, threshold = 500) =>
  fanOut(db, [conversationId], { threshold });

export const say = async (
  conversationId: string,
  senderId: string,
  body = 'hello',
  clientId = uuid(),
): Promise<Message> => (await db.appender.append({ conversationId, senderId, clientId, body })).message;

interface Target {
  conversationId: string;
  seq: number;
  actorId: string;
}

/** Whoever asks; who may is the rule of core. */
export const editMessage = (db: Db, { body, ...target }: Target & { body: string }): Promise<Changed> =>
  changeMessage(db, target, (message) => {
    if (message.body === null) throw new LockstepError('conflict');
    return { edit: body };
  });

export const recallMessage = (db: Db, target: Target): Promise<Changed> =>
  changeMessage(db, target, (message) => (message.recalledAt ? null : 'recall'));

export const join = (conversationId: string, by: string, userIds: string[]): Promise<void> =>
  withConversation(db, conversationId, async (tx) => {
    await tx.appendSystem(by, { type: 'joined', userIds });
    await tx.join(userIds);
  });

export const leave = (conversationId: string, userId: string, by = userId): Promise<void> =>
  withConversation(db, conversationId, async (tx) => {
    await tx.appendSystem(by, { type: 'left', userId });
    await tx.leave(userId);
  });

interface Shape {
  head_seq: number;
  head_rev: number;
  seqs: number[];
  revs: number[];
}

/** Rule 1, read from the tables: `seq` is exactly 1..n, the newest `rev` is m, and no `rev` stands twice. */
export const shapeOf = async (db: Db, conversationId: string): Promise<Shape> => {
  const { rows } = await db.pool.query<Shape>(
    `select c.head_seq, c.head_rev, array_agg(m.seq order by m.seq) as seqs, array_agg(m.rev order by m.rev) as revs
     from conversation c join message m on m.conversation_id = c.id where c.id = $1 group by c.id`,
    [conversationId],
  );
  return rows[0] as Shape;
};

export const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

/** Something to wait for, and what opens it. */
export const gate = () => {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
};

/** Waits until so many statements of this database wait for a lock. */
export const someoneWaits = async (db: Db, count = 1): Promise<void> => {
  for (;;) {
    const { rowCount } = await db.pool.query(
      `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    if ((rowCount ?? 0) >= count) return;
  }
};
