import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createConversation, createDb, type Db, withConversation } from '@lockstep/db';
import {
  type ChangesEvent,
  type ClientToServerEvents,
  LockstepError,
  type Message,
  PROTOCOL_VERSIONS,
  type ServerToClientEvents,
} from '@lockstep/protocol';
import { SERVER_EVENTS } from '@lockstep/protocol/contract';
import { createRealtime, type Realtime, type RealtimeDeps } from '@lockstep/realtime';
import { testDatabase } from '@lockstep/testing/cluster';
import pino from 'pino';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll } from 'vitest';

export type Device = Socket<ServerToClientEvents, ClientToServerEvents>;

export interface Person {
  userId: string;
  sessionId: string;
}

export interface Process {
  url: string;
  realtime: Realtime;
  db: Db;
  /** People whose sessions the process was told to forget. */
  forgotten: string[];
  close(): Promise<void>;
}

const ORIGIN = 'https://chat.example.org';

/** The others pass through from core; tests make up what is in them. */
const OWN_EVENTS = ['ready', 'typing', 'presence', 'reconnect', 'ended'] as const;

export interface WorldOptions {
  push?: RealtimeDeps['settings']['PUSH'];
  redisUrl?: string;
  timing?: RealtimeDeps['timing'];
  settings?: Partial<RealtimeDeps['settings']>;
}

/** Push on a real database. The cookie of a test names its session; looking it up is the store's part, as in the product. */
export const makeWorld = async ({ push = 'memory', redisUrl, timing, settings }: WorldOptions = {}) => {
  const database = await testDatabase();
  const db = createDb({ connectionString: database.url, poolSize: 5 });
  const processes: Process[] = [];
  const devices: Device[] = [];

  /** `ownTiming`: where it differs from that of the world. */
  const startProcess = async (ownTiming?: RealtimeDeps['timing']): Promise<Process> => {
    const own = createDb({ connectionString: database.url, poolSize: 5 });
    const forgotten: string[] = [];
    const server = createServer((_req, res) => res.writeHead(404).end());
    const realtime = createRealtime({
      db: own,
      log: pino({ level: 'silent' }),
      signedIn: (cookie) => signedIn(own, cookie),
      refusal: (cookie) => refusal(own, cookie),
      forget: (userId) => void forgotten.push(userId),
      settings: {
        NODE_ENV: 'test',
        PUBLIC_URL: ORIGIN,
        publicUrlIsSet: true,
        protocol: PROTOCOL_VERSIONS,
        TRUSTED_ORIGINS: [],
        PUSH: push,
        DATABASE_URL: database.url,
        REDIS_URL: redisUrl,
        RATE_LIMITS: 'on',
        ...settings,
      },
      timing: { ...timing, ...ownTiming },
    });
    server.on('upgrade', realtime.upgrade);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const process = {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      realtime,
      db: own,
      forgotten,
      close: async () => {
        await realtime.close();
        await new Promise((resolve) => server.close(resolve));
        await own.close();
      },
    };
    processes.push(process);
    return process;
  };

  /** A device that has not been told anything yet; its events are kept from the start. */
  const device = (process: Process, session: string, headers: Record<string, string> = {}): Device => {
    const socket: Device = io(process.url, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      extraHeaders: { cookie: `session=${session}`, origin: ORIGIN, ...headers },
    });
    devices.push(socket);
    // Whatever a test looks at, what this package says of its own is as the contract has it.
    for (const name of OWN_EVENTS)
      socket.on(name, ((payload: unknown) => void SERVER_EVENTS[name].parse(payload)) as never);
    return socket;
  };

  return {
    db,
    startProcess,
    device,
    /** A device in all its rooms. */
    readyDevice: async (process: Process, person: Person): Promise<Device> => {
      const socket = device(process, person.sessionId);
      await event(socket, 'ready');
      return socket;
    },
    /** Ends the connections that carry pushes over Postgres, and lets no other be made: those that are open stay. */
    cutPush: async () => {
      await db.pool.query('update pg_database set datallowconn = false where datname = current_database()');
      await db.pool.query(`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name = 'lockstep-push'`);
    },
    restorePush: () =>
      db.pool.query('update pg_database set datallowconn = true where datname = current_database()'),
    close: async () => {
      for (const socket of devices) socket.disconnect();
      await Promise.all(processes.map((process) => process.close()));
      await db.close();
      await database.drop();
    },
  };
};

export type World = Awaited<ReturnType<typeof makeWorld>>;

/** What `ownServer` has made for the tests of this file. */
export let world: World;
export let server: Process;
export let ada: Person;
export let bob: Person;
export let eve: Person;

/** Called once in a file, or in a part of it: its tests have a world of their own, with one process and three people. */
export const ownServer = (options: WorldOptions = {}): void => {
  beforeAll(async () => {
    world = await makeWorld(options);
    server = await world.startProcess();
    [ada, bob, eve] = [await makePerson(world.db), await makePerson(world.db), await makePerson(world.db)];
  });
  afterAll(() => world.close());
};

const signedIn = async (db: Db, cookie = '') => {
  const sessionId = /session=([0-9a-f-]{36})/.exec(cookie)?.[1];
  if (!sessionId) return null;
  const { rows } = await db.pool.query<{ user_id: string }>(
    'select user_id from session where id = $1 and expires_at > now()',
    [sessionId],
  );
  return rows[0] ? { userId: rows[0].user_id, sessionId, role: 'member' as const } : null;
};

/** Expired when its row is still there, revoked when it is gone: the hashes are the store's part. */
const refusal = async (db: Db, cookie = '') => {
  const sessionId = /session=([0-9a-f-]{36})/.exec(cookie)?.[1];
  if (!sessionId) return new LockstepError('unauthenticated');
  const { rowCount } = await db.pool.query('select 1 from session where id = $1', [sessionId]);
  return new LockstepError('unauthenticated', undefined, { ended: rowCount ? 'expired' : 'revoked' });
};

export const makePerson = async (db: Db, userId: string = randomUUID()): Promise<Person> => {
  await db.pool.query('insert into "user" (id, name, email) values ($1, $2, $3) on conflict do nothing', [
    userId,
    'Someone',
    `${userId}@example.org`,
  ]);
  const { rows } = await db.pool.query<{ id: string }>(
    `insert into session (user_id, token, expires_at) values ($1, $2, now() + interval '1 hour') returning id`,
    [userId, randomUUID()],
  );
  return { userId, sessionId: (rows[0] as { id: string }).id };
};

export const makeGroup = async (db: Db, [owner, ...others]: [Person, ...Person[]]): Promise<string> => {
  const id = randomUUID();
  await createConversation(
    db,
    { id, kind: 'group', visibility: 'private', title: 'Test', topic: null, createdBy: owner.userId },
    async (tx) => {
      await tx.appendSystem(owner.userId, { type: 'created', title: 'Test' });
      await tx.join([owner.userId], 'owner');
      await tx.join(others.map(({ userId }) => userId));
    },
  );
  return id;
};

export const removeFrom = (db: Db, conversationId: string, { userId }: Person): Promise<void> =>
  withConversation(db, conversationId, async (tx) => {
    await tx.appendSystem(userId, { type: 'left', userId });
    await tx.leave(userId);
  });

export const addTo = (db: Db, conversationId: string, { userId }: Person): Promise<void> =>
  withConversation(db, conversationId, async (tx) => {
    await tx.appendSystem(userId, { type: 'joined', userIds: [userId] });
    await tx.join([userId]);
  });

export const message = (conversationId: string, rev: number, body = 'hello'): Message => ({
  conversationId,
  seq: rev,
  rev,
  senderId: randomUUID(),
  clientId: randomUUID(),
  body,
  system: null,
  createdAt: Date.now(),
  editedAt: null,
  recalledAt: null,
});

type Events = ServerToClientEvents & {
  connect_error: (error: Error) => void;
  disconnect: (reason: string) => void;
};

/** The next event of this kind; rejects when the socket is refused while waiting for another. */
export const event = <E extends keyof Events>(socket: Device, name: E): Promise<Parameters<Events[E]>[0]> =>
  new Promise((resolve, reject) => {
    socket.once(name as 'ready', resolve as never);
    if (name !== 'connect_error') socket.once('connect_error', reject);
  });

/** Everything of this kind from now on. */
export const collect = <E extends keyof ServerToClientEvents>(
  socket: Device,
  name: E,
): Parameters<ServerToClientEvents[E]>[0][] => {
  const seen: Parameters<ServerToClientEvents[E]>[0][] = [];
  socket.on(name, ((value: never) => seen.push(value)) as never);
  return seen;
};

/** Every change from now on. */
export const collectChanges = (socket: Device): ChangesEvent[] => {
  const seen: ChangesEvent[] = [];
  socket.on('changes', (events) => void seen.push(...events));
  return seen;
};

/** Has travelled to the server and back: whatever the server sent before is here. */
export const roundTrip = (socket: Device): Promise<unknown> =>
  new Promise((resolve) => socket.emit('watch', { userIds: [] }, resolve));

export const ask = <T>(socket: Device, name: string, input: unknown): Promise<T> =>
  (socket as unknown as { emitWithAck(name: string, input: unknown): Promise<T> }).emitWithAck(name, input);
