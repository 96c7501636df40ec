import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { appendHistory, type Db, type HistoryRow, refreshLookAlikes } from '@lockstep/db';
import { UsageError } from '../lib/flags.mjs';
import { StartError } from '../lib/steps.mjs';
import { findAccount, findChannel, openChannel, setTopicOnce, settle } from './channel.ts';
import { dayOf, parseFile, type TimeNote, type Unreadable } from './irc-file.ts';
import { SERVER } from './irc-line.ts';
import { People } from './people.ts';
import type { Progress } from './progress.ts';
import { rowsOf } from './rows.ts';

export interface ImportOptions {
  folder: string;
  title: string;
  isPrivate: boolean;
  /** E-mail of the account that owns the channel; null for the first admin. */
  as: string | null;
  /** People of the same network are the same people in every channel. */
  network: string;
  /** Minutes that the log's clock was ahead of UTC. */
  offsetMinutes: number;
  /** Members above which the channel is in read diffusion. */
  threshold: number;
  createProgress: (lines: number) => Progress;
  /** Ends the import between two batches; what is stored stays, and a second run goes on from there. */
  signal?: AbortSignal;
}

export interface ImportSummary {
  conversationId: string;
  owner: string | null;
  files: number;
  skipped: string[];
  lines: number;
  messages: number;
  systemMessages: number;
  people: number;
  newPeople: number;
  /** Messages that were not there before. */
  added: number;
  unreadable: Unreadable[];
  /** What was assumed about the times of lines. */
  timeNotes: TimeNote[];
}

/** Rows that travel in one transaction (appendHistory). */
const BATCH = 2_000;

/**
 * Imports a folder of IRC logs into one channel. Two passes over the files, so that memory holds one file at a time:
 * who there is, then what they said. Running it again adds what is missing and nothing twice.
 */
export const importIrc = async (db: Db, options: ImportOptions): Promise<ImportSummary> => {
  const { files, skipped } = listFiles(options.folder);
  const account = await findAccount(db, options.as);
  const { title, isPrivate } = options;
  const target = await findChannel(db, { title, account, isPrivate });
  const read = ({ name, day }: LogFile) =>
    parseFile(name, day, readFileSync(join(options.folder, name)), options.offsetMinutes);

  const people = new People(options.network);
  if (!account) people.add(SERVER, false);
  let startedAt: Date | null = null;
  let lines = 0;
  for (const file of files) {
    const { entries, lines: count } = read(file);
    lines += count;
    startedAt ??= entries[0]?.at ?? null;
    for (const { event } of entries) {
      people.add(event.nick, event.kind === 'text');
      if (event.kind === 'left') people.add(event.by, false);
    }
  }
  if (!startedAt)
    throw new StartError(`No line of the ${files.length} files in ${options.folder} could be read.`);
  const newPeople = await people.save(db);
  await refreshLookAlikes(db);
  await openChannel(db, target, { title, isPrivate, account, stewardId: people.id(SERVER), startedAt });
  const conversationId = target.id;

  const summary: ImportSummary = {
    conversationId,
    owner: account?.name ?? null,
    files: files.length,
    skipped,
    lines,
    messages: 0,
    systemMessages: 0,
    people: people.size,
    newPeople,
    added: 0,
    unreadable: [],
    timeNotes: [],
  };
  let topic: string | null = null;
  let batch: HistoryRow[] = [];
  const flush = async (join: string[] = []) => {
    options.signal?.throwIfAborted();
    summary.added += await appendHistory(db, conversationId, batch, join);
    batch = [];
  };
  const progress = options.createProgress(lines);
  try {
    for (const file of files) {
      const { entries, unreadable, timeNotes, lines: count } = read(file);
      summary.unreadable.push(...unreadable);
      summary.timeNotes.push(...timeNotes);
      for (const entry of entries) {
        if (entry.event.kind === 'topic') topic = entry.event.topic || null;
        // Flushed before, not after: the last batch, in which everyone joins, is never empty.
        if (batch.length >= BATCH) await flush();
        for (const row of rowsOf(conversationId, entry, people)) {
          batch.push(row);
          if (row.system) summary.systemMessages++;
          else summary.messages++;
        }
      }
      progress.advance(count);
    }
    await flush(people.speakers());
  } finally {
    progress.stop();
  }
  if (topic && summary.added > 0) await setTopicOnce(db, conversationId, topic);
  await settle(db, conversationId, account, options.threshold);
  return summary;
};

interface LogFile {
  name: string;
  day: Date;
}

/** The logs of a folder by day, and the names of the files that are none. */
const listFiles = (folder: string): { files: LogFile[]; skipped: string[] } => {
  const path = resolve(folder);
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(`There is no folder ${path}.`);
  const names = readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map(({ name }) => ({ name, day: dayOf(name) }));
  const files = names.filter((file): file is LogFile => file.day !== null);
  if (files.length === 0)
    throw new UsageError(`No file in ${path} has a day in its name, such as 2004-12-25.txt.`);
  files.sort((a, b) => a.day.getTime() - b.day.getTime() || (a.name < b.name ? -1 : 1));
  return { files, skipped: names.filter(({ day }) => day === null).map(({ name }) => name) };
};
