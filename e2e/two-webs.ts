import { rmSync } from 'node:fs';
import { applyMigrations } from '@lockstep/db';
import { startEmbeddedPostgres } from '@lockstep/db/embedded';
import { createHttp } from '@lockstep/sync';
import { enter, newAccount } from '@lockstep/testing/kit';
import { reverseProxy } from '@lockstep/testing/reverse-proxy';
import { scratchFolder } from '@lockstep/testing/scratch';
import { builtProgram, startProgram } from '../scripts/lib/children.ts';
import { startWebs, type Webs } from '../scripts/lib/webs.ts';

export interface TwoWebs {
  /** Of the proxy. */
  url: string;
  /** With which a thousand people may sign up: nobody can without. */
  invitation: string;
  webs: Webs;
  stop(): Promise<void>;
}

/**
 * An installation as an operator has it: two web processes and a worker of the built product on one database, behind a
 * reverse proxy that sends each connection to the next of them, with limits on and without test doors.
 */
export const startTwoWebs = async (): Promise<TwoWebs> => {
  const folder = await scratchFolder();
  const ends: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const stop = async () => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    const postgres = await startEmbeddedPostgres({ dataDir: folder, ephemeral: true });
    ends.push(() => postgres.stop());
    await applyMigrations(postgres.url);
    const ports: number[] = [];
    const proxy = await reverseProxy(ports);
    ends.push(() => proxy.close());
    const { LOCKSTEP_TEST: _, ...inherited } = process.env;
    const env: NodeJS.ProcessEnv = {
      ...inherited,
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PUBLIC_URL: proxy.url,
      TRUST_PROXY: 'on',
      PUSH: 'postgres',
      SIGN_UP: 'invitation',
      DATABASE_URL: postgres.url,
      DATA_DIR: folder,
      AUTH_SECRET: 'only-for-tests-only-for-tests-only-for-tests',
      LOG_LEVEL: 'warn',
    };
    const worker = startProgram('worker', await builtProgram('worker'), env, null);
    ends.push(() => worker.stop());
    const webs = await startWebs(2, env);
    ends.push(() => webs.stop());
    ports.push(...webs.ports);
    // The first account may be made without a code from this machine, so not through the proxy.
    const { cookie } = await enter(
      `http://127.0.0.1:${webs.ports[0]}`,
      'auth.signUp',
      newAccount('Administrator'),
    );
    const { mutate } = createHttp({ url: proxy.url, headers: { cookie, origin: proxy.url } });
    const { code } = await mutate('invitations.create', { uses: 1_000 });
    return { url: proxy.url, invitation: code, webs, stop };
  } catch (error) {
    await stop();
    throw error;
  }
};
