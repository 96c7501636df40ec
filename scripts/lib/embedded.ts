import { realpathSync, statSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@lockstep/db/embedded';
import { fullDisk } from './disk.ts';
import { LOG_BYTES, rotate } from './log-file.ts';
import { StartError, step } from './steps.mjs';
import type { Instance, Supervisor } from './supervisor.ts';

/** Between two looks at the size of its log. */
const LOG_CHECK_MS = 10_000;

export interface Database {
  url(): string;
  stop(): Promise<void>;
  /** For who has renamed its log. */
  reopenLog(): void;
}

/**
 * The embedded Postgres as a part that is kept running, taken over where one was left. `onNewPort` is called when a later
 * start had to take another port. Throws StartError.
 */
export const keepPostgres = async (
  dataDir: string,
  supervisor: Supervisor,
  onNewPort: () => void,
): Promise<Database> => {
  let postgres: EmbeddedPostgres | undefined;
  const start = async (): Promise<Instance> => {
    const before = postgres?.url;
    const started = await startEmbeddedPostgres({ dataDir }).catch((error: Error) => {
      const full = fullDisk(dataDir);
      const todo = full ? `\n\n${full}: make room, and nothing is lost` : '';
      throw new StartError(error.message + todo, { cause: error });
    });
    postgres = started;
    if (before && before !== started.url) onNewPort();
    return { ended: started.lost, reason: () => `(its log is ${started.logFile})`, stop: started.stop };
  };
  // Without room for its log of changes Postgres ends, and starts again only when there is some.
  const part = supervisor.add('Postgres', start, () => fullDisk(dataDir));
  await step('database', async () => {
    await part.start();
    return postgres?.reused ? 'embedded Postgres, found running' : 'embedded Postgres';
  });
  const current = () => postgres as unknown as EmbeddedPostgres;
  for (const line of notices(current(), dataDir)) console.log(`  ${line}`);
  const check = setInterval(() => {
    const { logFile, reopenLog } = current();
    if ((statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) <= LOG_BYTES) return;
    rotate(logFile);
    reopenLog();
  }, LOG_CHECK_MS);
  return {
    url: () => current().url,
    reopenLog: () => current().reopenLog(),
    stop: async () => {
      clearInterval(check);
      await part.stop();
    },
  };
};

/** What a person who makes backups has to know about the data. */
const notices = ({ data, copyOf }: EmbeddedPostgres, dataDir: string): string[] => [
  ...(copyOf
    ? [
        `This is a copy of ${dirname(copyOf)}, which runs: it goes on by itself, and may lack what was written while it was copied.`,
      ]
    : []),
  ...(isBelow(data, dataDir)
    ? []
    : [`Messages are kept in ${data}: "npm run backup" has them, a copy of ${dataDir} has not.`]),
];

const isBelow = (path: string, folder: string): boolean =>
  !relative(realpathSync(folder), path).startsWith('..');
