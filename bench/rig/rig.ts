import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createCore, silentPublisher } from '@lockstep/core';
import { loadSettings } from '@lockstep/core/settings';
import { createConversation, type Db, fanOut } from '@lockstep/db';
import pino from 'pino';
import type { FleetOrder, FleetReport } from './fleet.ts';
import type { Order, Report } from './orders.ts';
import { makeStore } from './store.ts';
import type { TalkOrder, TalkReport } from './talkers.ts';

const here = fileURLToPath(new URL('.', import.meta.url));
const SECRET = 'only-for-benchmarks-only-for-benchmarks';

export interface Rig {
  db: Db;
  databaseUrl: string;
  /** The Postgres server. */
  pid: number;
  /** What its processes get. */
  env: NodeJS.ProcessEnv;
  /** A process of this file beside it; resolves with the port that it listens on. */
  serve(file: 'server.ts' | 'naive.ts', env?: NodeJS.ProcessEnv): Promise<Served>;
  /** Returns its pid. */
  startWorker(): number;
  load(): Load;
  fleet(): Fleet;
  talkers(): Talkers;
  people(count: number): Promise<string[]>;
  /** A cookie for a new session of this person. */
  cookie(userId: string): Promise<string>;
  conversation(members: string[], kind: 'group' | 'channel'): Promise<{ id: string; rev: number }>;
  /** `head_rev` of every conversation. */
  heads(): Promise<Record<string, number>>;
  close(): Promise<void>;
}

export interface Served {
  port: number;
  pid: number;
  /** Milliseconds of CPU since the last call. */
  cpu(): Promise<{ cpuMs: number; rssMb: number }>;
  stop(): Promise<void>;
}

export interface Load {
  order<T extends Report['type']>(order: Order, answer: T): Promise<Extract<Report, { type: T }>>;
  stop(): Promise<void>;
}

export interface Fleet {
  order<T extends FleetReport['type']>(
    order: FleetOrder,
    answer: T,
  ): Promise<Extract<FleetReport, { type: T }>>;
}

export interface Talkers {
  order<T extends TalkReport['type']>(order: TalkOrder, answer: T): Promise<Extract<TalkReport, { type: T }>>;
}

/** A durable Postgres, the real server, the real worker and a load generator: each a process of its own. */
export const makeRig = async ({ poolSize = 4 } = {}): Promise<Rig> => {
  const { db, databaseUrl, pid, folder, close } = await makeStore(poolSize);
  const children: ChildProcess[] = [];
  const env = {
    ...process.env,
    NODE_ENV: 'production',
    DATABASE_URL: databaseUrl,
    DATA_DIR: folder,
    AUTH_SECRET: SECRET,
    RATE_LIMITS: 'off',
    LOG_LEVEL: 'error',
  };
  const log = pino({ level: 'silent' });
  const settings = loadSettings(env);
  const core = createCore({ db, settings, log, publish: silentPublisher, enqueueConversations: () => {} });

  const start = (file: string, more: NodeJS.ProcessEnv = {}) => {
    const child = fork(file, { execArgv: ['--import', 'tsx'], env: { ...env, ...more } });
    // Each order waits for its end too.
    child.setMaxListeners(0);
    children.push(child);
    return child;
  };

  return {
    db,
    databaseUrl,
    pid,
    env,
    serve: async (file, more) => {
      const child = start(join(here, file), more);
      const [{ port }] = (await Promise.race([once(child, 'message'), failsOn(child)])) as [{ port: number }];
      return {
        port,
        pid: child.pid as number,
        cpu: async () => {
          child.send('cpu');
          return (await once(child, 'message'))[0];
        },
        stop: () => end(child),
      };
    },
    startWorker: () => start(join(here, '../../apps/worker/src/main.ts')).pid as number,
    load: () => {
      const child = start(join(here, 'load.ts'));
      return { order: (order, answer) => ask(child, order, answer), stop: () => end(child) };
    },
    fleet: () => {
      const child = start(join(here, 'fleet.ts'));
      return { order: (order, answer) => ask(child, order, answer) };
    },
    talkers: () => {
      const child = start(join(here, 'talkers.ts'));
      return { order: (order, answer) => ask(child, order, answer) };
    },
    people: async (count) => {
      const { rows } = await db.pool.query<{ id: string }>(
        `insert into "user" (name, email) select 'Person ' || n, 'person' || n || '-' || gen_random_uuid() || '@example.org'
         from generate_series(1, $1::int) n returning id`,
        [count],
      );
      return rows.map((row) => row.id);
    },
    cookie: async (userId) => {
      const { setCookie } = await core.sessions.open(userId, { ipAddress: null, userAgent: null });
      return setCookie.split(';', 1)[0] as string;
    },
    conversation: async (members, kind) => {
      const id = randomUUID();
      const [owner = ''] = members;
      const rev = await createConversation(
        db,
        { id, kind, visibility: 'private', title: 'Bench', topic: null, createdBy: owner },
        async (tx) => {
          await tx.appendSystem(owner, { type: 'created', title: 'Bench' });
          await tx.join(members);
          return tx.conversation.headRev;
        },
      );
      await fanOut(db, [id], { threshold: settings.FANOUT_THRESHOLD });
      return { id, rev: rev as number };
    },
    heads: async () => {
      const { rows } = await db.pool.query<{ id: string; rev: number }>(
        'select id, head_rev as rev from conversation',
      );
      return Object.fromEntries(rows.map(({ id, rev }) => [id, rev]));
    },
    close: async () => {
      await Promise.all(children.map(end));
      await close();
    },
  };
};

/** Sends an order to a child, and waits for the answer of this type. */
const ask = async <T extends { type: string }>(child: ChildProcess, order: object, answer: string) => {
  child.send(order);
  const [report] = (await Promise.race([once(child, 'message'), failsOn(child)])) as [T & { error?: string }];
  if (report.type !== answer) throw new Error(report.error ?? report.type);
  return report as never;
};

const failsOn = async (child: ChildProcess): Promise<never> => {
  await once(child, 'exit');
  throw new Error(`${child.spawnargs.at(-1)} ended early`);
};

const end = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const hard = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await ended;
  clearTimeout(hard);
};
