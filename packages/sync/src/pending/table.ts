import type { Message } from '@lockstep/protocol';
import type { Context } from '../context.ts';
import { isLoaded, type Model } from '../model.ts';
import type { Change, LocalStore, Rows, SavedState } from '../store/port.ts';
import type { TabMessage, Tabs } from '../tabs/port.ts';
import {
  type Command,
  conversationOf,
  ids,
  isCommand,
  isOnItsWay,
  type MessageChange,
  toStored,
} from './command.ts';
import { draftCommand, withDraft } from './draft.ts';
import { draftOf, mergeLocalDrafts } from './local-draft.ts';
import { handlerOf, isOurs, withCommand } from './registry.ts';
import { dependentsOf, isWaitingFor, seqIn } from './target.ts';

/** A read that took longer than this is repeated, in ms: the page may have slept, and the answer is old. */
const STALE_MS = 3_000;

/**
 * The commands on disk and in the models of all tabs: each change is written to disk, then sent to the other tabs. A
 * command leaves the disk only when the server has it, the user discards it, or it has become meaningless; anything a
 * tab drops for another reason stays on disk and is sent. With a store in memory everything stays in this tab.
 */
export class PendingTable {
  /** Rows being written: the disk does not have them yet. */
  readonly #writing = new Map<string, Promise<void>>();
  /** Messages that left the disk and are being looked up in the timeline. */
  readonly #seeking = new Set<string>();
  /** `seq` of pending messages that the server is known to have, by client id. */
  readonly #stored = new Map<string, number>();
  #known: Model['commands'] = new Map();
  #writes = 0;
  #reading: Promise<void> | null = null;
  #again = false;

  constructor(
    readonly context: Context,
    readonly local: LocalStore,
    readonly tabs: Tabs,
  ) {
    context.store.subscribe(() => this.#deleteDone());
    tabs.listen((message) => this.#receive(message));
  }

  get #model(): Model {
    return this.context.store.model;
  }

  get #shares(): boolean {
    return this.local.kind === 'disk';
  }

  post(message: TabMessage): void {
    if (this.#shares) this.tabs.post(message);
  }

  async idle(): Promise<void> {
    await Promise.all(this.#writing.values());
  }

  isSaved(id: string): boolean {
    return !this.#writing.has(id);
  }

  /** Changes rows in one transaction, after what was written to them before. Never rejects. */
  write(rowIds: readonly string[], change: Change): Promise<void> {
    const before = Promise.all(rowIds.map((id) => this.#writing.get(id)));
    let wanted: Rows = [];
    const done: Promise<void> = before
      .then(() =>
        this.local.commands.change(rowIds, (held) => {
          wanted = change(held).map((command) => command && toStored(command));
          // Returning the same object means that nothing has to be written.
          return wanted.map((command, i) => (isSame(command, held[i]) ? (held[i] ?? null) : command));
        }),
      )
      .then(
        () => true,
        (error) => this.context.failed(error),
      )
      .then((isWritten) => {
        this.#writes++;
        const last = new Set(rowIds.filter((id) => this.#writing.get(id) === done));
        for (const id of last) this.#writing.delete(id);
        if (!isWritten) return;
        const rows = wanted.filter((command) => command !== null);
        const gone = rowIds.filter((_, i) => !wanted[i]);
        this.post({ type: 'commands', rows, gone });
        // Another tab may have changed them in the meantime; the stored rows count.
        this.take(
          rows,
          gone.filter((id) => last.has(id)),
        );
        // A change made during the write could not be sent before now.
        if (last.size > 0) this.context.pending();
      });
    for (const id of rowIds) this.#writing.set(id, done);
    return done;
  }

  /** Stores this tab's version of these in one step; deletes rows that this tab does not have. */
  save(...rowIds: string[]): Promise<void> {
    return this.write(rowIds, (held) =>
      rowIds.map((id, i) => {
        const command = this.#model.commands.get(id);
        return command ? this.#combined(command, held[i] ?? null) : null;
      }),
    );
  }

  /** Also a draft that is not pending: it stays until the entry on disk has its text. */
  saveDraft(conversationId: string): Promise<void> {
    const id = ids.draft(conversationId);
    return this.write([id], ([held]) => {
      const own = this.#model.drafts.get(conversationId);
      const command = own && draftCommand(own, this.#model.commands.get(id));
      return [command ? this.#combined(command, held ?? null) : (held ?? null)];
    });
  }

  #combined(own: Command, held: Command | null): Command {
    const { combine } = handlerOf(own.name);
    return held && combine ? ({ ...own, args: combine(own.args, held.args) } as Command) : own;
  }

  #receive(message: TabMessage) {
    if (!this.#shares || message.type !== 'commands') return;
    // A read under way may be older than this.
    this.#again ||= this.#reading !== null;
    this.take(message.rows, message.gone);
    this.context.pending();
  }

  /**
   * Reads the whole table, because messages between tabs may get lost. Single flight, so an older answer never wins.
   * `loading`: it is being read just now, with all else.
   */
  read(loading?: Promise<Pick<SavedState, 'commands'>>): Promise<void> {
    if (!this.#shares) return Promise.resolve();
    if (this.#reading) this.#again = true;
    else
      this.#reading = this.#readAll(loading).finally(() => {
        this.#reading = null;
      });
    return this.#reading;
  }

  async #readAll(loading?: Promise<Pick<SavedState, 'commands'>>) {
    let first = loading;
    do {
      this.#again = false;
      const began = this.context.clock.now();
      const writes = this.#writes;
      const rows = first ? (await first).commands : await this.local.commands.all();
      first = undefined;
      this.#again ||= this.context.clock.now() - began > STALE_MS || this.#writes !== writes;
      const stored = new Set(rows.map(({ id }) => id));
      if (!this.#again)
        this.takeAll(
          rows,
          [...this.#model.commands.keys()].filter((id) => !stored.has(id)),
        );
    } while (this.#again);
  }

  /** The whole table: also after a start. */
  takeAll(rows: readonly Command[], gone: readonly string[] = []): void {
    this.take(rows, gone);
    // Already settled here; it is removed once its entry is on disk.
    for (const row of rows)
      if (isCommand(row, 'draft') && !this.#model.commands.has(row.id))
        void this.saveDraft(row.args.conversationId);
    this.context.pending();
  }

  /** Applies rows as the disk has them, and the ids of rows that are gone. */
  take(rows: readonly Command[], gone: readonly string[] = []): void {
    const { store } = this.context;
    store.batch(() => {
      for (const row of rows) if (isOurs(row)) store.set(this.#withRow(this.#model, row));
      for (const id of gone) store.set(this.#withoutRow(this.#model, id));
    });
  }

  #withRow(model: Model, row: Command): Model {
    const held = model.commands.get(row.id);
    if (row.name === 'draft') {
      const { conversationId } = row.args;
      const own = model.drafts.get(conversationId);
      return withDraft(model, own ? mergeLocalDrafts(own, draftOf(row.args)) : draftOf(row.args));
    }
    // What was stored here already may have been changed again since.
    if (this.#writing.has(row.id) || (held && held.storedRev !== null && row.order <= held.order))
      return model;
    if (row.name === 'send' && !held && isShown(model, row)) {
      void this.#delete(row);
      return model;
    }
    const command = held ? this.#combined(row, held) : row;
    // This tab knows more of what it is sending.
    const next = held && isOnItsWay(held) ? { ...held, args: command.args } : command;
    return isSame(next as Command, held) ? model : withCommand(model, row.id, next as Command);
  }

  #withoutRow(model: Model, id: string): Model {
    const held = model.commands.get(id);
    if (!held || this.#writing.has(id) || held.state === 'sending' || held.storedRev !== null) return model;
    const { canRemove } = handlerOf(held.name);
    if ((canRemove && !canRemove(model, held)) || (isCommand(held, 'send') && this.#isUnseen(model, held)))
      return model;
    return withCommand(model, id, null);
  }

  /** Gone from the disk because another tab sent or discarded it; the window may not show the message yet. */
  #isUnseen(model: Model, { id, args: { conversationId } }: Command & { name: 'send' }): boolean {
    const timeline = model.timelines.get(conversationId);
    if (!timeline || !isLoaded(timeline) || timeline.hasAfter) return false;
    if (this.#seeking.has(id)) return true;
    this.#seeking.add(id);
    void this.#seek(conversationId, id);
    return true;
  }

  /** Brings the window up to date; after that the message is either in it or gone. */
  async #seek(conversationId: string, id: string) {
    const pulled = await this.context.pull(conversationId);
    const row = await this.local.commands.get(id).catch(() => null);
    this.#seeking.delete(id);
    const { store } = this.context;
    if (pulled && !row && !this.#writing.has(id) && this.#model.commands.get(id)?.state !== 'sending')
      store.set(withCommand(this.#model, id, null));
  }

  /**
   * The server has these messages: our own need not be sent any more, and the commands that wait for them get their
   * `seq`.
   */
  acknowledge(messages: readonly Message[]): void {
    const { store } = this.context;
    if (this.#model.commands.size === 0) return;
    for (const { conversationId, senderId, clientId, seq } of messages) {
      if (senderId !== this.#model.me.userId) continue;
      if (this.#model.commands.has(clientId)) this.#stored.set(clientId, seq);
      for (const change of dependentsOf(this.#model, conversationId, clientId))
        store.set(withCommand(this.#model, change.id, withSeq(change, seq)));
    }
  }

  /**
   * Commands that left the model because the server has them, or because the user left the conversation, leave the
   * disk.
   */
  #deleteDone() {
    const { commands, entries } = this.#model;
    if (commands === this.#known) return;
    const gone = [...this.#known.values()].filter(({ id }) => !commands.has(id));
    this.#known = commands;
    for (const command of gone) {
      const isLeft =
        handlerOf(command.name).endsWithMembership && !entries.has(conversationOf(command) ?? '');
      if (isCommand(command, 'send') && this.#isStored(command)) void this.#delete(command);
      else if (isLeft) void this.write([command.id], () => [null]);
    }
  }

  #isStored(command: Command & { name: 'send' }): boolean {
    return command.storedRev !== null || this.#stored.has(command.id) || isShown(this.#model, command);
  }

  /** In the same step its `seq` is written into the commands that wait for it, also those of other tabs. */
  #delete({ id, args: { conversationId } }: Command & { name: 'send' }): Promise<void> {
    const seq = this.#stored.get(id);
    this.#stored.delete(id);
    if (seq === undefined) return this.write([id], () => [null]);
    const waiting = [ids.edit(conversationId, id), ids.recall(conversationId, id)];
    return this.write([id, ...waiting], ([, ...held]) => [
      null,
      ...held.map((other) => (other && isWaitingFor(other, id) ? withSeq(other, seq) : other)),
    ]);
  }
}

const withSeq = (command: MessageChange, seq: number): Command =>
  ({ ...command, args: { ...command.args, target: { ...command.args.target, seq } } }) as Command;

const isSame = (a: Command | null | undefined, b: Command | null | undefined): boolean =>
  a === b ||
  (!!a &&
    !!b &&
    a.state === b.state &&
    a.error === b.error &&
    a.order === b.order &&
    a.tries === b.tries &&
    a.storedRev === b.storedRev &&
    JSON.stringify(a.args) === JSON.stringify(b.args));

const isShown = (model: Model, { id, args: { conversationId } }: Command & { name: 'send' }): boolean =>
  seqIn(model, conversationId, id) !== null;
