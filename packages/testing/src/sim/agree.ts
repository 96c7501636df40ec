import { type Core, queries } from '@lockstep/core';
import { Budget } from '@lockstep/db';
import type { InboxEntry, Message } from '@lockstep/protocol';
import type { Device } from './device.ts';
import type { Ledger } from './ledger.ts';
import type { Tab } from './tab.ts';
import { difference, must } from './violation.ts';
import { checkWindow } from './watch.ts';
import { actorOf } from './world.ts';

/** The state that a new device of one person would get from the server. */
interface Snapshot {
  pos: number;
  entries: Map<string, InboxEntry>;
}

export const snapshotOf = async (core: Core, userId: string): Promise<Snapshot> => {
  const actor = actorOf(userId);
  const snapshot: Snapshot = { pos: 0, entries: new Map() };
  for (;;) {
    const page = await queries.pullInbox(actor, core, {
      afterPos: snapshot.pos,
      limit: 1_000,
      timelines: [],
    });
    for (const entry of page.entries)
      if (entry.role !== null) snapshot.entries.set(entry.conversation.id, entry);
    snapshot.pos = page.to;
    if (!page.more) return snapshot;
  }
};

/** Rules 1 to 3 in the tables: dense numbers, and the stored messages are those that were sent to devices. */
export const checkDatabase = async (core: Core, ledger: Ledger): Promise<void> => {
  const { rows } = await core.db.pool.query<Record<'id', string> & Record<string, number>>(
    `select c.id, c.head_seq, c.head_rev, count(m.seq)::int as n, coalesce(min(m.seq), 1) as first,
       coalesce(max(m.seq), 0) as last, coalesce(max(m.rev), 0) as max_rev,
       count(distinct (m.sender_id, m.client_id))::int as ids
     from conversation c left join message m on m.conversation_id = c.id where c.id = any($1::uuid[]) group by c.id`,
    [ledger.ids],
  );
  for (const row of rows) {
    const { n, first, last, head_seq: headSeq, head_rev: headRev, max_rev: maxRev, ids } = row;
    must(
      n === last && first === 1 && last === headSeq,
      1,
      'seq-dense',
      () => `seq of ${row.id} is not dense`,
    );
    must(maxRev === headRev, 1, 'rev-head', () => `the head of ${row.id} is ${headRev}, its rev ${maxRev}`);
    must(ids === n, 2, 'stored-twice', () => `a client id of ${row.id} is stored twice`);
    const recorded = ledger.changes(row.id);
    must(recorded.size === headRev && ledger.headRev(row.id) === headRev, 1, 'rev-dense', () => {
      return `${row.id} has ${headRev} revs, ${recorded.size} were told`;
    });
  }
};

/** Rule 3: each acknowledged message exists once, at the acknowledged `seq`. */
export const checkAcknowledged = (ledger: Ledger, messagesOf: (id: string) => readonly Message[]): void => {
  for (const [clientId, { conversationId, seq }] of ledger.acknowledged) {
    const found = messagesOf(conversationId).filter((m) => m.clientId === clientId);
    must(found.length === 1, 3, 'acknowledged-lost', () => `${clientId} is there ${found.length} times`);
    must(found[0]?.seq === seq, 2, 'acknowledged-moved', () => `${clientId} was told ${seq}`);
  }
};

interface Strictness {
  /** Also its inbox cursor and the diffusion of each conversation, which come with the next pull. */
  exactly: boolean;
  /** Conversations whose read position may not have been sent yet. */
  late: ReadonlySet<string>;
}

/** Rule 2: each text of the simulation is sent once and must be stored once, whatever its ids. */
export const checkSaidOnce = (ledger: Ledger): void => {
  const texts = new Set<string>();
  for (const id of ledger.ids)
    for (const { body, seq, rev } of ledger.firsts(id)) {
      const text = body?.match(/\btext \d+$/)?.[0];
      if (!text) continue;
      must(!texts.has(text), 2, 'said-twice', () => `"${text}" is said again by seq ${seq}@${rev} of ${id}`);
      texts.add(text);
    }
};

/** Rule 12: this tab shows what a new one would. */
export const checkTab = (tab: Tab, ledger: Ledger, wanted: Snapshot, { exactly, late }: Strictness): void => {
  const { state, name } = tab;
  const titles = (ids: Iterable<string>) => [...ids].sort().join(' ');
  const [held, expected] = [titles(state.inbox.keys()), titles(wanted.entries.keys())];
  const kept = [...state.inbox.keys()].filter((id) => !wanted.entries.has(id));
  must(kept.length === 0, 10, 'kept', () => `${name} keeps ${kept} that it is not in`);
  must(held === expected, 4, 'list', () => `${name} lists ${held}, not ${expected}`);
  for (const [id, entry] of wanted.entries) {
    const strip = (one: InboxEntry | undefined) => {
      if (!one || exactly) return one;
      const { readSeq, unread, mentions, ...rest } = one;
      const personal = late.has(id) ? {} : { readSeq, unread, mentions };
      return { ...rest, ...personal, pos: 0, conversation: { ...one.conversation, diffusion: '' } };
    };
    const found = difference(strip(state.inbox.get(id)), strip(entry));
    must(!found, 12, `entry ${found?.split(' ', 1)[0]}`, () => `${name}: entry of ${id}: ${found}`);
  }
  if (exactly) must(state.pos === wanted.pos, 4, 'pos', () => `${name}: pos ${state.pos}, not ${wanted.pos}`);
  for (const [id, timeline] of state.timelines) {
    // Of what was looked for without being in it, an empty window says `not_found`.
    if (!wanted.entries.has(id)) {
      must(timeline.messages.length === 0, 10, 'kept-window', () => `${name} keeps the window of ${id}`);
      continue;
    }
    checkWindow(ledger, id, timeline);
    const head = ledger.headRev(id);
    must(timeline.rev === head, 6, 'rev', () => `${name}: rev ${timeline.rev} of ${id}, not ${head}`);
    const messages = ledger.messages(id);
    const first = timeline.messages[0]?.seq ?? 1;
    const whole = messages.slice(first - 1, first - 1 + timeline.messages.length);
    const found = difference(timeline.messages, whole);
    must(!found, 12, 'window', () => `${name}: window of ${id}: ${found}`);
    const last = timeline.messages.at(-1)?.seq ?? 0;
    if (!timeline.hasAfter) must(last === messages.length, 8, 'end', () => `${name}: ${id} ends early`);
    must(timeline.error === null, 9, 'error', () => `${name}: window of ${id} failed`);
    must(!timeline.loading, 9, 'loading', () => `${name}: window of ${id} loads for ever`);
  }
  must(state.caughtUp, 9, 'caught-up', () => `${name} has not caught up`);
  checkOutbox(tab, ledger);
};

/** The clock of a budget is that of the machine, which may be busy: a check of the simulation may take any time. */
const ANY_TIME = { loopMs: Infinity, ms: Infinity, statementMs: 600_000, rows: Infinity, bytes: Infinity };

/** Rule 12 by digests, as a device and a server can check it themselves. */
export const checkDigest = async (core: Core, { engine, name, device: { userId } }: Tab): Promise<void> => {
  const local = engine.digest();
  const ranges = local.ranges.map(({ conversationId, from, to }) => ({ conversationId, from, to }));
  const unhurried = { ...core, budget: new Budget(ANY_TIME) };
  const server = await queries.pullDigest(actorOf(userId), unhurried, { ranges });
  const found =
    difference(local.conversations, server.conversations) ??
    difference(local.overall, server.overall) ??
    difference(
      local.ranges.map((range) => range.digest),
      server.ranges,
    );
  must(!found, 12, 'digest', () => `${name}: its digest ${found}`);
};

/** Nothing is left in flight, and everything sent is either stored once or shown as refused with a reason. */
const checkOutbox = ({ state, name, device: { sent, userId } }: Tab, ledger: Ledger): void => {
  const left = new Set(state.outbox.map((item) => item.clientId));
  for (const { id, name: command, args, state: now, error } of state.commands.values()) {
    // What stands in the composer of a conversation that one has left waits there.
    if (command === 'draft' && !state.inbox.has(args.conversationId)) continue;
    must(now === 'failed', 9, 'pending', () => `${name}: ${id} is still ${now}`);
    must(error, 9, 'no-reason', () => `${name}: ${id} failed without a reason`);
  }
  const places = new Map<string, number>();
  for (const [clientId, { conversationId, tab }] of sent) {
    const stored = ledger
      .messages(conversationId)
      .filter((m) => m.clientId === clientId && m.senderId === userId);
    must(stored.length <= 1, 2, 'sent-twice', () => `${name}: ${clientId} is stored twice`);
    must(left.has(clientId) || stored.length === 1, 3, 'sent-lost', () => `${name}: ${clientId} is lost`);
    const seq = stored[0]?.seq;
    if (seq === undefined) continue;
    const key = `${tab} ${conversationId}`;
    must(seq > (places.get(key) ?? 0), 3, 'sent-order', () => `${tab}: ${clientId} came before its time`);
    places.set(key, seq);
  }
};

/** Rules 6 and 8 on the disk, at any time: what it says it holds is there, and as new as it says. */
export const checkHeld = ({ disk, name }: Device, ledger: Ledger): void => {
  // Pages that were read while others wrote may lack what comes with a later change.
  if (ledger.concurrent) return;
  for (const [id, { ranges, rev }] of disk.held) {
    const held = disk.messages.get(id);
    for (const [from, to] of ranges)
      for (let seq = from; seq <= to; seq++)
        must(held?.has(seq), 8, 'disk-hole', () => `${name}: seq ${seq} of ${id} is not on disk`);
    for (const change of ledger.changes(id).values()) {
      const message = held?.get(change.seq);
      if (message && change.rev <= rev)
        must(message.rev >= change.rev, 6, 'disk-old', () => {
          return `${name}: seq ${change.seq} of ${id} is old on disk`;
        });
    }
  }
};

/** What a tab would begin with now is what the tabs show: nothing is missing, old, or on its way for ever. */
export const checkDisk = (device: Device, ledger: Ledger, wanted: Snapshot, exactly: boolean): void => {
  checkHeld(device, ledger);
  const { disk, name, tabs, isPrivate } = device;
  for (const [id, entry] of wanted.entries)
    if (entry.pos <= disk.pos)
      must(
        disk.entries.has(id),
        6,
        'disk-cursor',
        () => `${name}: the disk is at pos ${disk.pos} without ${id}`,
      );
  if (isPrivate) return;
  const leaders = tabs.filter(({ state }) => state.leader);
  must(leaders.length === 1, 9, 'leaders', () => `${name}: ${leaders.length} of its tabs lead`);
  for (const id of [...disk.entries.keys(), ...disk.held.keys(), ...disk.messages.keys()])
    must(wanted.entries.has(id), 10, 'disk-kept', () => `${name}: ${id} stays on disk, which was left`);
  for (const [id, { rev, ranges }] of disk.held) {
    if (rev !== ledger.headRev(id)) continue;
    const messages = ledger.messages(id);
    for (const [from, to] of ranges)
      for (let seq = from; seq <= to; seq++) {
        const found = difference(disk.messages.get(id)?.get(seq), messages[seq - 1]);
        must(!found, 12, 'disk-message', () => `${name}: seq ${seq} of ${id} on disk: ${found}`);
      }
  }
  // Where nobody pulls, a tab that has just come to lead may know less than the one before wrote.
  if (!exactly) return;
  const pos = leaders[0]?.state.pos;
  must(disk.pos === pos, 6, 'disk-pos', () => `${name}: the disk is at pos ${disk.pos}, its tab at ${pos}`);
  for (const [id, entry] of wanted.entries) {
    const found = difference(disk.entries.get(id), entry);
    must(!found, 12, 'disk-entry', () => `${name}: entry of ${id} on disk: ${found}`);
  }
};
