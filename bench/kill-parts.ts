import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadSettings } from '@lockstep/core/settings';
import { freePort } from '@lockstep/db/embedded';
import type { Health } from '@lockstep/protocol';
import { type Person, signUpPerson } from '../packages/testing/src/kit/people.ts';
import { openWorkspace } from '../scripts/lib/workspace.ts';
import { type BenchArgs, type BenchResult, table } from './report.ts';

const PEOPLE = 20;
const PARTS = ['web', 'worker', 'Postgres', 'launcher'] as const;
type PartName = (typeof PARTS)[number];
/** The bound of the service being back by itself. */
const BACK_SECONDS = 10;
const GIVE_UP_MS = 60_000;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Kills web, worker, Postgres and launcher in turn, `--rounds` times each, under `--rate` sends a second: nothing that
 * was acknowledged may be missing or doubled, and the service has to be back by itself. The launcher is started again
 * by us, as systemd would.
 */
export const run = async ({ rounds = '10', rate = '500' }: BenchArgs): Promise<BenchResult> => {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-kill-'));
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const service = keepLauncher(folder, port);
  const acknowledged = new Set<string>();
  let lastAckOfSendAt = 0;
  let sending = true;
  const back: Record<PartName, number[]> = { web: [], worker: [], Postgres: [], launcher: [] };
  try {
    await until(() => isWell(url));
    const people: Person[] = [];
    for (let n = 0; n < PEOPLE; n++) people.push(await signUpPerson(url, `Person${n}`));
    const [first, ...others] = people as [Person, ...Person[]];
    const made = await first.api.mutate('conversations.createGroup', {
      title: 'Kill',
      userIds: others.map(({ id }) => id),
    });
    const conversationId = made.conversation.id;
    /** One after the other, each tried with its client id until it is acknowledged. */
    const send = async ({ api }: Person) => {
      const every = (1_000 * PEOPLE) / Number(rate);
      for (let next = performance.now(); sending; next = Math.max(next + every, performance.now() - 1_000)) {
        await pause(Math.max(0, next - performance.now()));
        const clientId = randomUUID();
        const began = performance.now();
        while (sending) {
          try {
            await api.mutate('messages.send', { conversationId, clientId, body: `message ${clientId}` });
            acknowledged.add(clientId);
            lastAckOfSendAt = Math.max(lastAckOfSendAt, began);
            break;
          } catch {
            await pause(50);
          }
        }
      }
    };
    const senders = people.map(send);
    const started = performance.now();
    for (let round = 0; round < Number(rounds); round++) {
      for (const part of PARTS) {
        await pause(1_500);
        const before = service.pids();
        const killedAt = performance.now();
        process.kill(before[part], 'SIGKILL');
        await until(() => service.pids()[part] !== before[part] && lastAckOfSendAt > killedAt + 1);
        await until(() => isWell(url));
        back[part].push((performance.now() - killedAt) / 1_000);
      }
      console.log(
        `round ${round + 1}: ${PARTS.map((part) => `${part} ${back[part].at(-1)?.toFixed(1)} s`).join(', ')}`,
      );
    }
    const seconds = (performance.now() - started) / 1_000;
    sending = false;
    await Promise.all(senders);
    const workspace = await openWorkspace(loadSettings({ DATA_DIR: folder }));
    const { rows } = await workspace.db.pool.query<{ seq: number; client_id: string }>(
      'select seq, client_id from message where conversation_id = $1 order by seq',
      [conversationId],
    );
    await workspace.close();
    const stored = new Set(rows.map(({ client_id }) => client_id));
    const lost = [...acknowledged].filter((id) => !stored.has(id)).length;
    const doubled = rows.length - stored.size;
    const dense = rows.every(({ seq }, index) => seq === index + 1);
    const slowest = Math.max(...Object.values(back).flat());
    table(
      PARTS.map((part) => {
        const sorted = [...back[part]].sort((a, b) => a - b);
        return {
          killed: part,
          times: sorted.length,
          'back after, median s': sorted[sorted.length >> 1] ?? 0,
          'slowest s': sorted.at(-1) ?? 0,
        };
      }),
    );
    return {
      bench: 'kill-parts',
      value: slowest,
      unit: 's until all is back, the slowest',
      baseline: null,
      ratio: null,
      ok: lost === 0 && doubled === 0 && dense && slowest <= BACK_SECONDS,
      detail: {
        acknowledged: acknowledged.size,
        perSecond: Math.round(acknowledged.size / seconds),
        lost,
        doubled,
        dense,
      },
    };
  } finally {
    sending = false;
    await service.stop();
    rmSync(folder, { recursive: true, force: true });
  }
};

const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  for (const end = Date.now() + GIVE_UP_MS; !(await holds()); await pause(50))
    if (Date.now() > end) throw new Error(`not back after ${GIVE_UP_MS / 1_000} s`);
};

const isWell = async (url: string): Promise<boolean> => {
  try {
    const { ok, parts } = (await (await fetch(`${url}/healthz`)).json()) as Health;
    return ok && parts.worker.ok && parts.processes?.ok === true;
  } catch {
    return false;
  }
};

/** `npm start` on this folder, started again whenever it ends. */
const keepLauncher = (folder: string, port: number) => {
  let stopping = false;
  let launcher: ChildProcess;
  const start = () => {
    launcher = spawn(process.execPath, [fileURLToPath(new URL('../scripts/start.mjs', import.meta.url))], {
      env: {
        ...process.env,
        DATA_DIR: folder,
        PORT: String(port),
        RATE_LIMITS: 'off',
        LOG_LEVEL: 'warn',
        npm_lifecycle_event: '',
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    launcher.once('exit', () => stopping || start());
  };
  start();
  return {
    pids: (): Record<PartName, number> => {
      try {
        const [web, worker] = JSON.parse(readFileSync(join(folder, 'start.lock'), 'utf8')).children;
        const postgres = Number(readFileSync(join(folder, 'postgres/postmaster.pid'), 'utf8').split('\n')[0]);
        return { web: web?.pid, worker: worker?.pid, Postgres: postgres, launcher: launcher.pid as number };
      } catch {
        return { web: 0, worker: 0, Postgres: 0, launcher: launcher.pid as number };
      }
    },
    stop: async () => {
      stopping = true;
      if (launcher.exitCode !== null || launcher.signalCode !== null) return;
      launcher.kill('SIGTERM');
      await once(launcher, 'exit');
    },
  };
};
