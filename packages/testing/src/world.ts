import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Actor, type Core, createCore } from '@lockstep/core';
import { loadSettings } from '@lockstep/core/settings';
import { createDb } from '@lockstep/db';
import pino from 'pino';
import { testDatabase } from './cluster.ts';
import { Recorder } from './recorder.ts';

/** Someone with an account and one session. */
export interface TestPerson {
  id: string;
  name: string;
  actor: Actor;
  /** A `Cookie` header. */
  cookie: string;
}

interface TestDevice {
  sessionId: string;
  /** A `Cookie` header. */
  cookie: string;
}

export interface World {
  core: Core;
  published: Recorder;
  /** Conversations that the fan-out was woken for, in order. */
  enqueued: string[];
  person(name: string, options?: { role?: 'admin' | 'member'; placeholder?: boolean }): Promise<TestPerson>;
  /** A further session of this person. */
  device(person: Pick<TestPerson, 'id'>, userAgent?: string | null): Promise<TestDevice>;
  close(): Promise<void>;
}

/** What the product does, on a database of its own, without a server. `env` overrides settings. */
export const makeWorld = async (env: Record<string, string> = {}): Promise<World> => {
  const database = await testDatabase();
  // Made when something is kept in it: the heads of the audit log, say.
  const dataDir = join(tmpdir(), `lockstep-world-${randomUUID()}`);
  const settings = loadSettings({
    NODE_ENV: 'test',
    DATA_DIR: dataDir,
    DATABASE_URL: database.url,
    AUTH_SECRET: 'only-for-tests-only-for-tests-only-for-tests',
    PUBLIC_URL: 'http://chat.example.org',
    RATE_LIMITS: 'off',
    ...env,
  });
  const published = new Recorder();
  const enqueued: string[] = [];
  const core = createCore({
    db: createDb({ connectionString: database.url, poolSize: 5 }),
    settings,
    publish: published,
    enqueueConversations: (ids) => void enqueued.push(...ids),
    log: pino({ level: process.env.TEST_LOG ?? 'silent' }),
  });
  const device: World['device'] = async ({ id }, userAgent = null) => {
    const { sessionId, setCookie } = await core.sessions.open(id, { ipAddress: null, userAgent });
    return { sessionId, cookie: setCookie.split(';', 1)[0] as string };
  };
  return {
    core,
    published,
    enqueued,
    device,
    person: async (name, { role = 'member', placeholder = false } = {}) => {
      const { rows } = await core.db.pool.query<{ id: string }>(
        `insert into "user" (name, email, role, placeholder)
         values ($1, gen_random_uuid() || '@people.invalid', $2::"WorkspaceRole", $3) returning id`,
        [name, role, placeholder],
      );
      const { id } = rows[0] as { id: string };
      const { sessionId, cookie } = await device({ id });
      return { id, name, actor: { userId: id, sessionId, role }, cookie };
    },
    close: async () => {
      await core.db.close();
      await database.drop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
};
