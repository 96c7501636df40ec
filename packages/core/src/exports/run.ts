import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setImmediate as letOthers } from 'node:timers/promises';
import {
  allVersions,
  auditHead,
  Budget,
  checkpointExport,
  conversationsByIds,
  type Db,
  directMembers,
  type ExportJob,
  exportById,
  failureOf,
  finishExport,
  hasEarlier,
  holdExport,
  namesAt,
  openExports,
  pastExports,
  withExportLock,
} from '@lockstep/db';
import { isRecalled, MENTION, type Message, type MessageVersion, withNames } from '@lockstep/protocol';
import { EXPORT_LIMITS, type Searcher, searchHistory } from '@lockstep/search';
import type { Logger } from 'pino';
import { writeAudit } from '../history/audited-read.ts';
import { type ExportLine, FORMATS } from './formats.ts';
import { chainOf, FORMAT, hashLine, LINES, MANIFEST, type Manifest, type ManifestFile } from './manifest.ts';

/** Messages in a part. */
const PART = 200;
/** How long the files of an export are kept. */
export const KEEP_MS = 7 * 24 * 60 * 60 * 1_000;
/** Consecutive failures after which an export has failed, about nine minutes after the first. */
const MAX_TRIES = 10;
const NO_SESSION = '00000000-0000-0000-0000-000000000000';

export interface ExportParts {
  db: Db;
  searcher: Searcher;
  dataDir: string;
  log: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** Stops between two parts; the next worker continues from there. */
  signal?: AbortSignal;
}

export const exportFolder = (dataDir: string, id: string): string => join(dataDir, 'exports', id);

/**
 * Runs the open exports and deletes the files of expired ones. After a crash it resumes from each checkpoint: a part
 * written but not yet in the checkpoint is written again, so no line is duplicated or lost.
 */
export const workExports = async (parts: ExportParts): Promise<void> => {
  for (const id of await pastExports(parts.db)) removeFiles(parts, id);
  for (const id of await openExports(parts.db)) {
    if (parts.signal?.aborted) return;
    await withExportLock(parts.db, id, () => runExport(parts, id)).catch(async (error: Error) => {
      parts.log.error({ err: error, exportId: id }, 'export does not go on');
      // It resumes by itself in a later round, once the cause is gone. Without the database the error cannot be
      // stored.
      await holdExport(parts.db, id, reasonOf(error), { most: MAX_TRIES, keepMs: KEEP_MS }).catch(
        (failure) => {
          if (failureOf(failure) !== 'connection') throw failure;
        },
      );
    });
  }
};

/** Starts with the code (`ENOSPC`, `53100`, `not_found`), which the page uses to explain common errors. */
const reasonOf = (error: Error & { code?: string }): string => {
  const { code, message } = error;
  const text = code === undefined || message.startsWith(code) ? message : `${code}: ${message}`;
  return text.slice(0, 300);
};

export const removeFiles = ({ dataDir }: Pick<ExportParts, 'dataDir'>, id: string): void =>
  rmSync(exportFolder(dataDir, id), { recursive: true, force: true });

const runExport = async (parts: ExportParts, id: string): Promise<void> => {
  const { db, dataDir, signal, log } = parts;
  const job = await exportById(db, id);
  if (!job || (job.status !== 'waiting' && job.status !== 'running')) return;
  const folder = exportFolder(dataDir, id);
  mkdirSync(join(folder, 'parts'), { recursive: true, mode: 0o700 });
  const state = { ...job, conversationIds: [...job.conversationIds] };
  // The folder was lost or replaced, so the parts of the checkpoint are missing: start again.
  if (state.parts > 0 && !existsSync(partFile(folder, state.parts)))
    Object.assign(state, { cursor: null, parts: 0, done: 0, conversationIds: [] });
  while (!(state.parts > 0 && state.cursor === null)) {
    if (signal?.aborted) return;
    await writePart(parts, state, folder);
    if (!(await checkpointExport(db, id, state))) return removeFiles(parts, id);
  }
  const files = await assemble(parts, state, folder);
  if (!(await finishExport(db, id, files, KEEP_MS))) return removeFiles(parts, id);
  rmSync(join(folder, 'parts'), { recursive: true, force: true });
  log.info({ exportId: id, messages: state.done }, 'export done');
};

const partFile = (folder: string, n: number) => join(folder, 'parts', `${String(n).padStart(6, '0')}.ndjson`);

/** Writes the next messages, newest first, to a new part file and advances `state`. */
const writePart = async ({ db, searcher }: ExportParts, state: ExportJob, folder: string): Promise<void> => {
  const { query, createdBy, createdAt } = state;
  const found = await searchHistory(searcher, db, {
    userId: createdBy,
    text: query.text,
    state: query.state,
    from: query.from,
    // Messages sent after the request are not included.
    to: Math.min(query.to ?? createdAt, createdAt),
    timeZone: query.timeZone,
    now: createdAt,
    cursor: state.cursor,
    limit: PART,
    facets: state.parts === 0,
    budget: new Budget(EXPORT_LIMITS),
  });
  if (!found.page.reach.complete)
    throw Object.assign(new Error('The search index is unavailable or still being built'), {
      code: 'INDEX_AWAY',
    });
  const lines = await toLines(
    db,
    found.hits.map(({ message }) => message),
  );
  writeWhole(partFile(folder, state.parts + 1), lines.map((line) => JSON.stringify(line)).join('\n'));
  state.parts++;
  state.done += lines.length;
  state.cursor = found.next;
  state.total = Math.max(state.total ?? found.page.facets?.total.count ?? 0, state.done);
  state.conversationIds = [
    ...new Set([...state.conversationIds, ...lines.map((line) => line.conversationId)]),
  ].sort();
};

const toLines = async (db: Db, messages: Message[]): Promise<ExportLine[]> => {
  const ids = [...new Set(messages.map(({ conversationId }) => conversationId))];
  const conversations = new Map((await conversationsByIds(db, ids)).map((one) => [one.id, one]));
  const directs = await directMembers(db, ids);
  const earlier = await allVersions(db, messages.filter(hasEarlier));
  const nameAt = await namesOfThen(db, messages, directs, earlier);
  const nameOf = (id: string, at: number) => nameAt(id, at) ?? id;
  const named = (text: string, at: number) =>
    withNames(text, (id) => `@${nameAt(id, at) ?? 'unknown'} (${id})`);
  const lines: ExportLine[] = [];
  for (const message of messages) {
    const { conversationId, seq, senderId, createdAt, editedAt, recalledAt } = message;
    const versions = earlier.get(`${conversationId} ${seq}`) ?? [];
    const last = isRecalled(message) ? versions.pop()?.body : message.body;
    lines.push({
      conversationId,
      conversation:
        conversations.get(conversationId)?.title ??
        (directs[conversationId] ?? []).map((id) => nameOf(id, createdAt)).join(' & '),
      seq,
      senderId,
      sender: nameOf(senderId, createdAt),
      sentAt: iso(createdAt) ?? '',
      editedAt: iso(editedAt),
      recalledAt: iso(recalledAt),
      text: named(last ?? '', createdAt),
      earlier: versions.map(({ version, createdAt: at, body: text }) => ({
        version,
        at: iso(at) ?? '',
        text: named(text, createdAt),
      })),
    });
  }
  return lines;
};

/** The sender's name at the time of each of these messages; null if the account no longer exists. */
const namesOfThen = async (
  db: Db,
  messages: readonly Message[],
  directs: Record<string, string[]>,
  earlier: ReadonlyMap<string, MessageVersion[]>,
) => {
  const keyOf = (userId: string, at: number) => `${userId} ${at}`;
  const asked = new Map<string, { userId: string; at: number }>();
  for (const { senderId, conversationId, seq, body, createdAt: at } of messages) {
    const texts = [body, ...(earlier.get(`${conversationId} ${seq}`) ?? []).map((version) => version.body)];
    for (const userId of [senderId, ...(directs[conversationId] ?? []), ...mentioned(texts)])
      asked.set(keyOf(userId, at), { userId, at });
  }
  const names = await namesAt(db, [...asked.values()]);
  const known = new Map([...asked.keys()].map((key, n) => [key, names[n] ?? null]));
  return (userId: string, at: number): string | null => known.get(keyOf(userId, at)) ?? null;
};

/** Everyone these texts mention, even beyond LIMITS.mentions, because all are shown as mentions. */
const mentioned = (texts: readonly (string | null)[]): string[] =>
  texts.flatMap((text) => Array.from((text ?? '').matchAll(MENTION), (found) => found[1] as string));

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** Assembles the files from the parts, oldest first, always from the beginning, so that a crash only costs time. */
const assemble = async ({ db, log, dataDir }: ExportParts, job: ExportJob, folder: string) => {
  const title = `Lockstep export ${iso(job.createdAt)}`;
  const files: ManifestFile[] = [];
  for (const format of FORMATS) {
    const path = join(folder, format.name);
    const whole = createHash('sha256');
    const hashes: string[] = [];
    const file = openSync(path, 'w', 0o600);
    try {
      const write = (text: string) => {
        if (text === '') return;
        writeFileSync(file, text);
        whole.update(text);
        for (const line of text.slice(0, -1).split('\n')) hashes.push(hashLine(line));
      };
      write(format.head(title));
      for (let n = job.parts; n >= 1; n--) {
        const lines = readFileSync(partFile(folder, n), 'utf8').split('\n').filter(Boolean).reverse();
        write(lines.map((line) => format.line(JSON.parse(line) as ExportLine)).join(''));
        // A long export must not block the rest of this process.
        await letOthers();
      }
      write(format.foot);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    const list = hashes.map((hash) => `${hash}\n`).join('');
    writeWhole(path + LINES, list);
    files.push({
      name: format.name,
      bytes: statSync(path).size,
      sha256: whole.digest('hex'),
      lines: hashes.length,
      chain: chainOf(hashes),
      linesSha256: hashLine(list),
    });
  }
  const manifest: Manifest = {
    format: FORMAT,
    exportId: job.id,
    createdAt: iso(job.createdAt) ?? '',
    createdBy: { id: job.createdBy, name: job.createdByName },
    reason: job.reason,
    query: job.query,
    messages: job.done,
    files,
    audit: await auditHead(db.pool),
  };
  const text = `${JSON.stringify(manifest, null, 2)}\n`;
  writeWhole(join(folder, MANIFEST), text);
  // Log the export and its hash before anybody can download it.
  const keepers = { db, log, settings: { DATA_DIR: dataDir } };
  await writeAudit(keepers, {
    actorId: job.createdBy,
    sessionId: NO_SESSION,
    address: null,
    device: null,
    action: 'export',
    reason: job.reason,
    asked: { exportId: job.id, written: true, manifest: hashLine(text) },
    answered: job.done,
    conversationIds: job.conversationIds,
  });
  return [
    ...files.flatMap(({ name, bytes, sha256, linesSha256 }) => [
      { name, bytes, sha256 },
      { name: name + LINES, bytes: statSync(join(folder, name + LINES)).size, sha256: linesSha256 },
    ]),
    { name: MANIFEST, bytes: Buffer.byteLength(text), sha256: hashLine(text) },
  ];
};

/** Writes a file atomically and durably. */
const writeWhole = (path: string, text: string): void => {
  const unfinished = `${path}.unfinished`;
  const file = openSync(unfinished, 'w', 0o600);
  try {
    // Not `writeSync`, which may write only a part without an error when the disk is full.
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(unfinished, path);
};

export const exportFile = (dataDir: string, { id, files }: ExportJob, name: string): string | null => {
  if (!files.some((file) => file.name === name)) return null;
  const path = join(exportFolder(dataDir, id), name);
  return existsSync(path) ? path : null;
};
