import type { InboxEntry, Message, SavedSearch } from '@lockstep/protocol';
import { type Command, ids, inOrder } from '../pending/command.ts';
import type { Database, MetaKey } from './database.ts';
import { evict } from './eviction.ts';
import { isOlder, isOver, isSettledDraft } from './memory.ts';
import {
  type Change,
  type Held,
  type HeldMessages,
  type Range,
  type Rows,
  StaleWriter,
  type StoreWrite,
} from './port.ts';
import { claim, includes, sizeOf } from './ranges.ts';

const numbers = async (db: Database, keys: MetaKey[]): Promise<number[]> =>
  (await db.meta.bulkGet(keys)).map((record) => (record?.value as number | undefined) ?? 0);

const generationOf = async (db: Database): Promise<string | null> =>
  ((await db.meta.get('generation'))?.value as string | null | undefined) ?? null;

export const readAll = (db: Database) =>
  db.transaction('r', db.tables, async () => {
    const [pos = 0] = await numbers(db, ['pos']);
    const [rev, searches] = await db.meta.bulkGet(['peopleRev', 'searches']);
    const generation = await generationOf(db);
    const [entries, people, held, commands] = await Promise.all([
      db.entries.toArray(),
      db.people.toArray(),
      db.held.toArray(),
      db.commands.toArray(),
    ]);
    return {
      ...{ generation, pos, entries, people, held, commands: commands.sort(inOrder) },
      peopleRev: (rev?.value as number | undefined) ?? null,
      searches: (searches?.value as readonly SavedSearch[] | undefined) ?? [],
    };
  });

export const raiseEpoch = (db: Database): Promise<{ epoch: number; pos: number }> =>
  db.transaction('rw', db.meta, async () => {
    const [epoch = 0, pos = 0] = await numbers(db, ['epoch', 'pos']);
    await db.meta.put({ key: 'epoch', value: epoch + 1 });
    return { epoch: epoch + 1, pos };
  });

export const readMessages = (
  db: Database,
  conversationId: string,
  from: number,
  to: number,
): Promise<HeldMessages> =>
  db.transaction('r', db.meta, db.held, db.messages, async () => {
    const generation = await generationOf(db);
    const held = await db.held.get(conversationId);
    if (!held) return { generation, rev: 0, ranges: [], messages: [] };
    const messages = await between(db, conversationId, [from, to]).toArray();
    return { generation, rev: held.rev, ranges: held.ranges, messages };
  });

/** The whole batch or nothing; `max`: messages kept at most. */
export const writeBatch = async (
  db: Database,
  epoch: number,
  batch: StoreWrite,
  max: number,
): Promise<void> => {
  const { meta, entries, people, held, messages } = db;
  await db.transaction('rw', [meta, entries, people, held, messages], async () => {
    const [current, pos = 0, count = 0] = await numbers(db, ['epoch', 'pos', 'messages']);
    if (current !== epoch) throw new StaleWriter();
    if (batch.generation !== undefined) {
      await Promise.all([held.clear(), messages.clear()]);
      await meta.put({ key: 'generation', value: batch.generation });
    }
    const nextPos = await writeInbox(db, batch, pos);
    const nextCount = await writeMessages(db, batch, batch.generation === undefined ? count : 0, max);
    const changed: { key: MetaKey; value: number }[] = [];
    if (nextPos !== pos) changed.push({ key: 'pos', value: nextPos });
    if (batch.peopleRev !== undefined) changed.push({ key: 'peopleRev', value: batch.peopleRev });
    if (nextCount !== count) changed.push({ key: 'messages', value: nextCount });
    if (changed.length > 0) await meta.bulkPut(changed);
    if (batch.searches) await meta.put({ key: 'searches', value: batch.searches });
  });
};

/** Frees half of the space taken by messages. Any tab may do so: the next writer notices (see HeldWrite). */
export const makeRoom = (db: Database): Promise<void> =>
  db.transaction('rw', db.meta, db.held, db.messages, async () => {
    const all = await db.held.toArray();
    const count = all.reduce((sum, held) => sum + sizeOf(held.ranges), 0);
    await db.meta.put({ key: 'messages', value: await evictTo(db, count, Math.floor(count / 2)) });
  });

/** See CommandTable.change. */
export const changeCommands = (db: Database, ids: readonly string[], change: Change): Promise<Rows> => {
  const { commands, entries } = db;
  // Only drafts read entries; a send must not wait until entries are written.
  const tables = ids.some((id) => id.startsWith(DRAFTS)) ? [commands, entries] : [commands];
  return db.transaction('rw', tables, async () => {
    const held = (await commands.bulkGet([...ids])).map((command) => command ?? null);
    const rows = [...change(held)];
    for (const [i, id] of ids.entries()) {
      const command = rows[i] ?? null;
      const isKept = command && !(await isOverNow(db, command));
      if (!isKept) rows[i] = null;
      if (rows[i] === held[i]) continue;
      if (isKept) await commands.put(command);
      else await commands.delete(id);
    }
    return rows;
  });
};

/** What the ids of drafts begin with. */
const DRAFTS = ids.draft('');

const isOverNow = async (db: Database, command: Command) => {
  if (!isSettledDraft(command)) return false;
  const entry = await db.entries.get(command.args.conversationId);
  return isOver(command, () => entry);
};

export const restore = (db: Database, commands: readonly Command[]): Promise<unknown> =>
  db.transaction('rw', db.commands, () => db.commands.bulkPut([...commands]));

export const clearAll = (db: Database): Promise<void> =>
  db.transaction('rw', db.tables, async () => {
    await Promise.all(db.tables.map((table) => table.clear()));
  });

/** Returns the cursor as it is to be stored. */
const writeInbox = async (db: Database, batch: StoreWrite, pos: number): Promise<number> => {
  const { resetInbox, removed, entries, people } = batch;
  if (resetInbox) await db.entries.clear();
  if (removed?.length) await db.entries.bulkDelete([...removed]);
  if (entries?.length) {
    const ids = [...new Set(entries.map((entry) => entry.conversation.id))];
    const stored = await db.entries.bulkGet(ids);
    const newest = new Map(stored.map((entry, i) => [ids[i], entry]));
    const fresh = new Map<string, InboxEntry>();
    for (const entry of entries) {
      const { id } = entry.conversation;
      if (isOlder(entry, newest.get(id))) continue;
      newest.set(id, entry);
      fresh.set(id, entry);
    }
    await db.entries.bulkPut([...fresh.values()]);
  }
  if (people?.length) await db.people.bulkPut([...people]);
  return Math.max(resetInbox ? 0 : pos, batch.pos ?? 0);
};

/**
 * Deletes drafts whose text is now in their entries; resolves with their ids. Done apart from the transaction that
 * writes the entries, so that a send does not wait for a whole batch.
 */
export const dropRedundantDrafts = (db: Database): Promise<string[]> =>
  db.transaction('rw', db.commands, db.entries, async () => {
    const drafts = await db.commands.where('id').startsWith(DRAFTS).toArray();
    const over = await Promise.all(drafts.map((command) => isOverNow(db, command)));
    const spent = drafts.filter((_, i) => over[i]).map(({ id }) => id);
    await db.commands.bulkDelete(spent);
    return spent;
  });

/** Returns how many messages there are then. */
const writeMessages = async (
  db: Database,
  batch: StoreWrite,
  count: number,
  max: number,
): Promise<number> => {
  let total = count;
  for (const id of [...(batch.removed ?? []), ...(batch.droppedMessages ?? [])]) total -= await drop(db, id);
  const messages = batch.messages ?? [];
  const touched = new Set(messages.map((m) => m.conversationId));
  for (const write of batch.held ?? []) touched.add(write.conversationId);
  for (const id of touched) {
    const brought = messages.filter((m) => m.conversationId === id);
    const before = (await db.held.get(id)) ?? null;
    const seqs = brought.map((m) => m.seq);
    let held = before;
    let dropped = false;
    for (const write of (batch.held ?? []).filter((one) => one.conversationId === id)) {
      const result = claim(held, write, seqs);
      dropped ||= result.drop;
      held = result.held;
    }
    if (!held) continue;
    if (dropped) await between(db, id, EVERYTHING).delete();
    if (held !== before) await db.held.put(held);
    total += sizeOf(held.ranges) - sizeOf(before?.ranges ?? []);
    await putNewer(db, brought, held);
  }
  return total > max ? evictTo(db, total, max) : total;
};

/** Of the messages within what is held, those that are not older than what is stored. */
const putNewer = async (db: Database, brought: readonly Message[], held: Held) => {
  const wanted = new Map<number, Message>();
  for (const message of brought) {
    const other = wanted.get(message.seq);
    if (includes(held.ranges, message.seq) && (!other || other.rev <= message.rev))
      wanted.set(message.seq, message);
  }
  const list = [...wanted.values()];
  const stored = await db.messages.bulkGet(list.map((m): [string, number] => [m.conversationId, m.seq]));
  const fresh = list.filter((message, i) => (stored[i]?.rev ?? 0) <= message.rev);
  if (fresh.length > 0) await db.messages.bulkPut(fresh);
};

const EVERYTHING: Range = [0, Number.MAX_SAFE_INTEGER];

const between = (db: Database, conversationId: string, [from, to]: Range) =>
  db.messages.where('[conversationId+seq]').between([conversationId, from], [conversationId, to], true, true);

/** Returns how many messages that were. */
const drop = async (db: Database, conversationId: string): Promise<number> => {
  const held = await db.held.get(conversationId);
  if (!held) return 0;
  await between(db, conversationId, EVERYTHING).delete();
  await db.held.delete(conversationId);
  return sizeOf(held.ranges);
};

const evictTo = async (db: Database, count: number, max: number): Promise<number> => {
  let total = count;
  for (const { held, ranges } of evict(await db.held.toArray(), max)) {
    const id = held.conversationId;
    if (ranges.length === 0) {
      total -= await drop(db, id);
      continue;
    }
    let from = 0;
    for (const [start, end] of [...ranges, [EVERYTHING[1], 0] as const]) {
      if (from < start) await between(db, id, [from, start - 1]).delete();
      from = end + 1;
    }
    await db.held.put({ ...held, ranges });
    total -= sizeOf(held.ranges) - sizeOf(ranges);
  }
  return total;
};
