import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createLog } from '@lockstep/core/log';
import { loadSettings } from '@lockstep/core/settings';
import { createHttp } from '@lockstep/sync';
import { createBackend } from '@lockstep/web/backend';
import { createWebServer } from '@lockstep/web/web-server';
import { testDatabase } from '../cluster.ts';
import { enter } from '../kit/people.ts';

export interface FuzzedWeb {
  port: number;
  url: string;
  /** Of an admin who is not the one that attacks, and of somebody who is a member: `Cookie` headers. */
  admin: string;
  member: string;
  /** A group of both, and themselves. */
  ids: { conversation: string; admin: string; member: string };
  /** Bytes that were logged since it was asked last. */
  logged(): number;
  close(): Promise<void>;
}

/** The web process without its pages, on a database of its own, with short times for what is slow. */
export const startFuzzedWeb = async (): Promise<FuzzedWeb> => {
  const database = await testDatabase();
  const settings = loadSettings({
    NODE_ENV: 'test',
    DATABASE_URL: database.url,
    AUTH_SECRET: 'only-for-tests-only-for-tests-only-for-tests',
    RATE_LIMITS: 'off',
    LOG_LEVEL: 'fatal',
  });
  const backend = await createBackend(settings);
  let bytes = 0;
  const write = (line: string) => {
    bytes += line.length;
  };
  const headers = { publicUrl: settings.PUBLIC_URL, dev: false };
  const { server } = createWebServer({
    headers,
    log: createLog({ level: 'info', part: 'web', destination: { write } }),
    trustProxy: false,
    limits: { total: 1_000, perAddress: 1_000 },
    times: { headers: 500, request: 1_000, check: 100, stalled: 15_000, keepAlive: 500 },
    routes: [...backend.routes, { path: '/', isPage: true, answer: (_req, res) => void res.end('page') }],
    isOurHost: () => true,
    sockets: backend.sockets,
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const signUp = async (name: string) => {
    const input = { name, email: `${name}@example.org`, password: 'ridge-larch-cairn-4711' };
    const { me, cookie } = await enter(url, 'auth.signUp', input);
    const http = createHttp({ url, headers: { cookie, origin: settings.PUBLIC_URL } });
    return { id: me.id, cookie, http };
  };
  const admin = await signUp('ada');
  const member = await signUp('ben');
  const entry = await member.http.mutate('conversations.createGroup', {
    title: 'Both',
    userIds: [admin.id],
  });
  for (const body of ['one', 'two', 'three'])
    await member.http.mutate('messages.send', {
      conversationId: entry.conversation.id,
      clientId: crypto.randomUUID(),
      body,
    });
  return {
    ...{ port, url, admin: admin.cookie, member: member.cookie },
    ids: { conversation: entry.conversation.id, admin: admin.id, member: member.id },
    logged: () => {
      const count = bytes;
      bytes = 0;
      return count;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await backend.close();
      await database.drop();
    },
  };
};
