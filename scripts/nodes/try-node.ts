import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createHttp, createTransport, type PushSocket } from '@lockstep/sync';
import { enter, newAccount } from '@lockstep/testing/kit/people';
import { freePort } from '@lockstep/testing/ports';
import { scratchFolder } from '@lockstep/testing/scratch';
import { root } from '../lib/files.mjs';
import { childrenOf, leftBehind, NOTHING_LEFT, postgresOf } from '../lib/left-behind.ts';

/** How long each thing may take that we wait for. */
const WAIT_MS = 120_000;
/** What Node itself complains about, on the console or in a log. */
const WARNING = /\(node:\d+\)[^\n"]*|\w*(?:Deprecation|Experimental)Warning[^\n"]*/g;

export interface Trial {
  /** As that Node says it: `v26.12.1`. */
  version: string;
  /** From the start to `Ready in`, and from the signal to the end. Milliseconds. */
  readyMs: number;
  stopMs: number;
  /** What went wrong, one line each. Empty when all is well. */
  faults: string[];
}

/**
 * `npm start` with this Node, on data and a port of its own: somebody signs up, sends, is sent the message by push, finds
 * it, and everything stops. What goes wrong is in `faults`; it does not throw.
 */
export const tryNode = async (node: string, signal?: AbortSignal): Promise<Trial> => {
  const trial: Trial = { version: await versionOf(node), readyMs: 0, stopMs: 0, faults: [] };
  const dataDir = await scratchFolder();
  const port = await freePort();
  let printed = '';
  const launcher = spawn(node, [join(root, 'scripts/start.mjs')], {
    env: environment(dataDir, port),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [launcher.stdout, launcher.stderr])
    stream.on('data', (data) => {
      printed += data;
    });
  try {
    const started = performance.now();
    await until('Ready', () => printed.includes('Ready in'), launcher, signal);
    trial.readyMs = performance.now() - started;
    const pids = [...childrenOf(dataDir), postgresOf(dataDir)];
    await talk(`http://localhost:${port}`, launcher, signal);
    trial.stopMs = await stop(launcher);
    if (launcher.exitCode !== 0)
      trial.faults.push(`ended with ${launcher.signalCode ?? `exit code ${launcher.exitCode}`}`);
    const left = leftBehind(dataDir, pids);
    if (JSON.stringify(left) !== JSON.stringify(NOTHING_LEFT))
      trial.faults.push(`left behind: ${JSON.stringify(left)}`);
  } catch (error) {
    trial.faults.push(`${(error as Error).message}\n${printed.trim()}`);
    await stop(launcher);
  }
  trial.faults.push(...new Set([printed, logOf(dataDir, 'web'), logOf(dataDir, 'worker')].flatMap(warnings)));
  rmSync(dataDir, { recursive: true, force: true });
  return trial;
};

const talk = async (url: string, launcher: ChildProcess, signal: AbortSignal | undefined) => {
  const page = await fetch(`${url}/sign-up`);
  if (!page.ok || !(await page.text()).includes('</html>'))
    throw new Error(`/sign-up answers ${page.status}`);
  const [ann, ben] = [await signUp(url, 'Ann'), await signUp(url, 'Ben')];
  const { conversation } = await ann.mutate('conversations.createGroup', {
    title: 'Harbour trip',
    userIds: [ben.id],
  });
  let isReady = false;
  const pushed: (string | null)[] = [];
  const ignore = () => {};
  const socket: PushSocket = createTransport({ url, headers: ben.headers }).connect({
    ready: () => {
      isReady = true;
    },
    changes: ({ messages }) => pushed.push(...messages.map(({ body }) => body)),
    ...{ inbox: ignore, typing: ignore, receipt: ignore, presence: ignore, people: ignore, searches: ignore },
    ...{ reconnect: ignore, ended: ignore, closed: ignore },
  });
  try {
    await until('a socket', () => isReady, launcher, signal);
    const body = 'Anchor at the old pier';
    await ann.mutate('messages.send', {
      conversationId: conversation.id,
      clientId: crypto.randomUUID(),
      body,
    });
    await until('a push', () => pushed.includes(body), launcher, signal);
    const finds = async (text: string) => {
      const { hits } = await ben.query('search.messages', { text, limit: 5 });
      return hits.some(({ message }) => message.body === body);
    };
    await until('a hit', () => finds('anchor pier'), launcher, signal);
  } finally {
    socket.close();
  }
};

const signUp = async (url: string, name: string) => {
  const { me, cookie } = await enter(url, 'auth.signUp', newAccount(name));
  const headers = { cookie, origin: url };
  return { ...createHttp({ url, headers }), headers, id: me.id };
};

/** Polls. Throws when the launcher ends before, when `signal` is aborted, and when time is up. */
const until = async (
  what: string,
  holds: () => boolean | Promise<boolean>,
  launcher: ChildProcess,
  signal: AbortSignal | undefined,
) => {
  for (const end = Date.now() + WAIT_MS; !(await holds()); await new Promise((go) => setTimeout(go, 50))) {
    signal?.throwIfAborted();
    if (launcher.exitCode !== null || launcher.signalCode !== null)
      throw new Error('npm start has ended by itself');
    if (Date.now() > end) throw new Error(`waited ${WAIT_MS / 1000} s for ${what}`);
  }
};

const stop = async (launcher: ChildProcess): Promise<number> => {
  const asked = performance.now();
  if (launcher.exitCode === null && launcher.signalCode === null) {
    launcher.kill('SIGTERM');
    await once(launcher, 'exit');
  }
  return performance.now() - asked;
};

/** Settings of ours would lead it to data and a database that are not its own. */
const environment = (dataDir: string, port: number): NodeJS.ProcessEnv => {
  const { npm_lifecycle_event, NODE_OPTIONS, LOCKSTEP_URL, LOCKSTEP_TEST, ...inherited } = process.env;
  return {
    ...inherited,
    ...{ DATA_DIR: dataDir, PORT: String(port), HOST: '127.0.0.1', PUBLIC_URL: '' },
    ...{ DATABASE_URL: '', REDIS_URL: '', MEILI_URL: '', SIGN_UP: 'open' },
  };
};

const versionOf = async (node: string): Promise<string> => {
  const child = spawn(node, ['--version'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let version = '';
  child.stdout.on('data', (data) => {
    version += data;
  });
  await once(child, 'close');
  return version.trim();
};

const logOf = (dataDir: string, part: string): string => {
  try {
    return readFileSync(join(dataDir, 'logs', `${part}.log`), 'utf8');
  } catch {
    return '';
  }
};

const warnings = (text: string): string[] =>
  [...text.matchAll(WARNING)].map(([line]) => line.replace(/^\(node:\d+\)/, '(node)'));
