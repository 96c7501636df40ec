import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { API_PATH } from '@lockstep/protocol';
import type { World } from '@lockstep/testing';
import { ORIGIN, typeOf } from '../server.ts';
import { casesOf } from './cases.ts';
import type { HostileStore } from './store.ts';

/** What no call is to hold the loop for on an ordinary machine, in ms at a time: the table shows it. */
const GOAL_MS = 50;

/** How often a call is asked that held the loop for longer: the least counts. */
const TRIES = 3;

/** The worst of the calls of one procedure, in ms, and the answers. */
export interface Walked {
  path: string;
  calls: number;
  /** The event loop of the server was held for so long at a time. */
  holdMs: number;
  timeMs: number;
  /** Of another person's call meanwhile. */
  otherMs: number;
  bytes: number;
  cut: number;
  statuses: string;
}

/** Asks everything of a server in a process of its own. */
export const walk = async (world: World, store: HostileStore): Promise<Walked[]> => {
  const { settings } = world.core;
  const child = fork(fileURLToPath(new URL('./server.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    env: {
      ...process.env,
      NODE_ENV: 'test',
      DATABASE_URL: settings.DATABASE_URL ?? '',
      AUTH_SECRET: settings.AUTH_SECRET ?? '',
      PUBLIC_URL: settings.PUBLIC_URL,
      RATE_LIMITS: 'off',
    },
  });
  try {
    const [{ port }] = (await once(child, 'message')) as [{ port: number }];
    const url = `http://127.0.0.1:${port}${API_PATH}`;
    const call = async (path: string, input: unknown, cookie: string) => {
      const json = input === undefined ? undefined : JSON.stringify(input);
      const startedAt = performance.now();
      const response =
        typeOf(path) === 'query'
          ? await fetch(`${url}${path}${json ? `?input=${encodeURIComponent(json)}` : ''}`, {
              headers: { cookie },
            })
          : await fetch(url + path, {
              method: 'POST',
              headers: { 'content-type': 'application/json', origin: ORIGIN, cookie },
              ...(json === undefined ? {} : { body: json }),
            });
      const text = await response.text();
      return { status: response.status, text, ms: performance.now() - startedAt };
    };
    const longestHold = async (): Promise<number> => {
      child.send('reset');
      return ((await once(child, 'message')) as [{ longest: number }])[0].longest;
    };
    const other = () => call('messages.before', { conversationId: store.quiet }, store.ben.cookie);
    // What runs for the first time is compiled first.
    for (let i = 0; i < 30; i++) await other();
    for (const { who, input } of (casesOf(store)['search.messages'] ?? []).slice(0, 4))
      await call('search.messages', input, who.cookie);

    const table: Walked[] = [];
    for (const [path, cases] of Object.entries(casesOf(store))) {
      const row: Walked = {
        path,
        calls: 0,
        holdMs: 0,
        timeMs: 0,
        otherMs: 0,
        bytes: 0,
        cut: 0,
        statuses: '',
      };
      const statuses = new Set<number>();
      for (const { who, input } of cases) {
        let hold = Number.POSITIVE_INFINITY;
        let answered: Awaited<ReturnType<typeof call>> | undefined;
        // What holds the loop does so each time; a collection of garbage or a compilation does not.
        for (let n = 0; n < TRIES && hold > GOAL_MS; n++) {
          child.send('reset');
          await once(child, 'message');
          let open = true;
          const answer = call(path, input, who.cookie).finally(() => {
            open = false;
          });
          while (open) row.otherMs = Math.max(row.otherMs, (await other()).ms);
          answered = await answer;
          hold = Math.min(hold, await longestHold());
        }
        if (!answered) throw new Error('not asked');
        const { status, text, ms } = answered;
        row.holdMs = Math.max(row.holdMs, hold);
        row.timeMs = Math.max(row.timeMs, ms);
        row.bytes = Math.max(row.bytes, text.length);
        row.calls++;
        if (text.includes('"cut":true') || text.includes('too_costly')) row.cut++;
        statuses.add(status);
      }
      row.statuses = [...statuses].join(' ');
      table.push(row);
    }
    return table;
  } finally {
    child.disconnect();
    await once(child, 'exit');
  }
};
