import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createWakeups, type QueueConnection } from '@lockstep/core/queue';
import {
  type ConsumerName,
  createConversation,
  createDb,
  type Db,
  laggingConversations,
  liveWorkers,
} from '@lockstep/db';
import pino from 'pino';
import { expect } from 'vitest';

const folder = fileURLToPath(new URL('..', import.meta.url));

/** The worker as people run it, a process of its own; `close` kills what is left of them. */
export const makeWorld = ({ databaseUrl, redisUrl }: QueueConnection) => {
  const db = createDb({ connectionString: databaseUrl, poolSize: 5 });
  const wakeups = createWakeups({ databaseUrl, redisUrl }, pino({ level: 'silent' }));
  const children: ChildProcess[] = [];

  const startWorker = (env: NodeJS.ProcessEnv = {}): ChildProcess => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
      cwd: folder,
      env: {
        ...process.env,
        DATABASE_URL: databaseUrl,
        REDIS_URL: redisUrl ?? '',
        SWEEP_SECONDS: '1',
        LOG_LEVEL: 'error',
        ...env,
      },
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    children.push(child);
    return child;
  };

  return {
    db,
    wakeups,
    startWorker,
    alive: () => expect.poll(() => liveWorkers(db, 10), { timeout: 20_000 }).toBe(1),
    caughtUp: (consumer: ConsumerName = 'fanout') =>
      expect.poll(() => laggingConversations(db, consumer, 1), { timeout: 30_000, interval: 20 }).toEqual([]),
    close: async () => {
      await Promise.all(children.map((child) => end(child, 'SIGKILL')));
      await wakeups.close();
      await db.close();
    },
  };
};

export const end = async (child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> => {
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }
  return child.exitCode;
};

export const makeGroup = async (db: Db, size: number): Promise<{ id: string; people: string[] }> => {
  const id = randomUUID();
  const people = Array.from({ length: size }, () => randomUUID());
  const [owner = ''] = people;
  await createConversation(
    db,
    { id, kind: 'group', visibility: 'private', title: 'Test', topic: null, createdBy: owner },
    async (tx) => {
      await tx.appendSystem(owner, { type: 'created', title: 'Test' });
      await tx.join(people);
    },
  );
  return { id, people };
};

/** Sends as the web process does: append, then wake the fan-out. */
export const send = async (
  { db, wakeups }: Pick<ReturnType<typeof makeWorld>, 'db' | 'wakeups'>,
  { id, people }: { id: string; people: string[] },
  count = 1,
): Promise<void> => {
  const [senderId = ''] = people;
  await Promise.all(
    Array.from({ length: count }, (_, i) =>
      db.appender.append({ conversationId: id, senderId, clientId: randomUUID(), body: `message ${i}` }),
    ),
  );
  wakeups.enqueue([id]);
};

/** Rule 4 and the fan-out, read from the tables: every member's entry is at the head, with a `pos` within the cursor. */
export const entriesOf = async (db: Db, id: string) => {
  const { rows } = await db.pool.query<{ entries: number; at_head: number; bad_pos: number }>(
    `select count(*)::int as entries, count(*) filter (where e.head_rev = c.head_rev)::int as at_head,
       count(*) filter (where e.pos > k.pos or e.pos < 1)::int as bad_pos
     from conversation c join inbox_entry e on e.conversation_id = c.id join inbox_cursor k on k.user_id = e.user_id
     where c.id = $1`,
    [id],
  );
  return rows[0];
};
