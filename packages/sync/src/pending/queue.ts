import { type Context, isNotFound } from '../context.ts';
import { mergeEntry } from '../entries.ts';
import { isLoaded, type Model } from '../model.ts';
import { withoutStored } from '../model-changes.ts';
import type { SearchesApi } from '../ports.ts';
import { codeOf } from '../retry.ts';
import type { LocalStore } from '../store/port.ts';
import type { TabMessage, Tabs } from '../tabs/port.ts';
import {
  type Answer,
  type Command,
  type CommandArgs,
  type CommandName,
  conversationOf,
  ids,
  isChange,
  isCommand,
  isOnItsWay,
  makeCommand,
  nextOrder,
} from './command.ts';
import { type AnyArgs, messageOf } from './handler.ts';
import { Lanes } from './lanes.ts';
import { commandsOf, handlerOf, withCommand } from './registry.ts';
import { withSearches } from './search.ts';
import { PendingTable } from './table.ts';
import { changesOf, clientIdIn, dependentsOf, seqIn } from './target.ts';

/** A change of another row that is stored in the same step as a command. */
export interface Beside {
  id: string;
  change(held: Command | null): Command | null;
}

/**
 * Holds everything the user does until the server has it: shown immediately, on disk before it is sent, in order per
 * key, and retried while the server cannot be reached. Only the leading tab sends.
 */
export class PendingWrites {
  readonly table: PendingTable;
  readonly lanes: Lanes<Command>;

  constructor(
    readonly context: Context,
    readonly local: LocalStore,
    tabs: Tabs,
    readonly searches: SearchesApi | null,
  ) {
    this.table = new PendingTable(context, local, tabs);
    this.lanes = new Lanes<Command>(context, {
      keys: () => this.#keys(),
      next: (key) => this.#next(key),
      send: (command) => this.#send(command),
      postponed: ({ id }) => this.#change(id, { state: 'pending' }),
      refused: ({ id }, error) => this.#refused(id, error),
    });
    tabs.listen((message) => this.#receive(message));
  }

  get #model(): Model {
    return this.context.store.model;
  }

  /** Resolves once it is on disk. A waiting command of the same id is merged into it. */
  add<N extends CommandName>(name: N, id: string, args: CommandArgs[N], beside?: Beside): Promise<void> {
    const { store, clock } = this.context;
    const handler = handlerOf(name);
    const key = handler.key(args);
    const at = clock.now();
    const order = nextOrder(this.#model.commands.values(), at);
    const over = (held: Command | null | undefined): Command => {
      const both = (held && handler.merge?.(held, args)) ?? args;
      const command = makeCommand(name, id, key, both as CommandArgs[N], order, at) as Command;
      return held && isOnItsWay(held) ? { ...command, state: 'sending' } : command;
    };
    const own = over(this.#model.commands.get(id));
    const onDisk = (held: Command | null | undefined) => (held ? over(held) : own);
    // Write to disk first: a command that is not on disk yet is not sent.
    const saved = beside
      ? this.table.write([id, beside.id], ([held, other]) => [onDisk(held), beside.change(other ?? null)])
      : this.table.write([id], ([held]) => [onDisk(held)]);
    store.set(withCommand(this.#model, id, own));
    const [ms, mostMs] = handler.delay?.(args) ?? [0];
    if (ms > 0) this.lanes.schedule(key, ms, mostMs);
    return saved.then(() => {
      if (ms === 0 || !this.lanes.isScheduled(key)) this.lanes.schedule(key, 0);
    });
  }

  /** The text of a composer has changed; it is written when the user pauses. */
  scheduleDraft(draft: CommandArgs['draft']): void {
    const { key, delay } = handlerOf('draft');
    const [ms, mostMs] = delay?.(draft) ?? [0];
    this.lanes.schedule(key(draft), ms, mostMs);
  }

  /**
   * Changes what remains to be sent of a command, or removes it with null; does nothing if there is no such command.
   */
  amend<N extends CommandName>(
    name: N,
    id: string,
    change: (args: CommandArgs[N]) => CommandArgs[N] | null,
  ): void {
    const amended = (held: Command | null): Command | null => {
      const args = held?.name === name ? change(held.args as CommandArgs[N]) : null;
      return args && ({ ...held, args } as Command);
    };
    const { store } = this.context;
    const own = this.#model.commands.get(id);
    if (!own) return;
    void this.table.write([id], ([held]) => [amended(held ?? null)]);
    store.set(withCommand(this.#model, id, amended(own)));
  }

  /**
   * Sends a refused command again, with the commands that wait for it, or a message that it waits for. It moves to the
   * end, since later commands have already been sent.
   */
  retry(id: string): void {
    const { commands } = this.#model;
    const asked = commands.get(id);
    const message = asked && isChange(asked) ? commands.get(asked.args.target.clientId ?? '') : undefined;
    const command = message?.state === 'failed' ? message : asked;
    if (command?.state !== 'failed') return;
    const all = [command.id, ...this.#dependentsOf(command.id)];
    for (const one of all) {
      const order = nextOrder(this.#model.commands.values(), this.context.clock.now());
      this.#change(one, { state: 'pending', error: null, order });
    }
    // Together: the tab that sends must not take an edit for one of a message that is still refused.
    void this.table.save(...all).then(() => this.lanes.schedule(command.key, 0));
  }

  /** Removes an unsent or refused command; with a message also its edits and recalls. */
  discard(id: string): void {
    const { store } = this.context;
    const all = [id, ...this.#dependentsOf(id)];
    store.batch(() => {
      for (const one of all) store.set(withCommand(this.#model, one, null));
      void this.table.save(...all);
    });
  }

  /** Commands that wait until a message is sent. */
  #dependentsOf(id: string): string[] {
    const command = this.#model.commands.get(id);
    if (!isCommand(command, 'send')) return [];
    return dependentsOf(this.#model, command.args.conversationId, id).map((change) => change.id);
  }

  *#keys(): Iterable<readonly [key: string, spacingMs: number]> {
    for (const [key, [first]] of this.#model.waiting)
      if (first) yield [key, handlerOf(first.name).spacingMs ?? 0];
  }

  /** The first command of a key that may be sent; null also if it is not on disk yet. */
  #next(key: string): Command | null {
    const model = this.#model;
    const isReady = (command: Command) => handlerOf(command.name).isReady?.(model, command) ?? true;
    const next = model.waiting.get(key)?.find(isReady);
    return next && this.table.isSaved(next.id) ? next : null;
  }

  async #send(command: Command) {
    const handler = handlerOf(command.name);
    const args = handler.outgoing?.(command.args) ?? command.args;
    this.#change(command.id, { state: 'sending', tries: command.tries + 1, args } as Partial<Command>);
    // The other tabs must recognise this text as their own when it comes back.
    if (args !== command.args) await this.table.save(command.id);
    const sent = { ...command, args } as Command;
    const { transport } = this.context;
    const answer = await handler.send(sent, { model: this.#model, transport, searches: this.searches });
    this.table.post({ type: 'answer', id: command.id, sent: args, answer });
    this.#settle(sent, answer);
  }

  /** The answer and the push carry the same change; the first to arrive shows it, by `rev`. */
  #settle(sent: Command, answer: Answer) {
    const { id, name, args } = sent;
    const left = (held: Command | null | undefined) => leftOf(held ?? null, args, answer);
    this.#show(id, left(this.#model.commands.get(id)), answer);
    if (sent.name === 'draft') void this.table.saveDraft(sent.args.conversationId);
    // A message leaves the disk once it is shown.
    else if (name !== 'send') void this.table.write([id], ([held]) => [left(held)]);
  }

  /**
   * Another tab has received an answer: show it here before the command is removed. The result of a draft comes with
   * its entry.
   */
  #receive(message: TabMessage) {
    if (message.type !== 'answer') return;
    const { id, sent, answer } = message;
    const held = this.#model.commands.get(id) ?? null;
    const isOther = held && held.state !== 'sending' && held.name !== 'draft';
    this.#show(id, isOther ? leftOf(held, sent, answer) : held, answer);
  }

  #show(id: string, left: Command | null, answer: Answer) {
    const { store } = this.context;
    const message = messageOf(answer);
    store.batch(() => {
      const held = this.#model.commands.get(id);
      // It is kept until the window has the result.
      const done = held &&
        message && { ...held, args: handlerOf(held.name).stored?.(held.args, answer) ?? held.args };
      store.set(
        withCommand(
          this.#model,
          id,
          left ?? (done ? ({ ...done, storedRev: message.rev } as Command) : null),
        ),
      );
      this.#apply(answer);
      if (message) store.set(withoutSeen(this.#model, message.conversationId));
    });
  }

  #apply(answer: Answer) {
    const { store, take, push } = this.context;
    if ('message' in answer)
      push({ conversationId: answer.message.conversationId, messages: [answer.message] });
    else if ('entry' in answer) take(answer.entry.conversation.id, mergeEntry(this.#model, answer.entry));
    else if ('searches' in answer) store.set(withSearches(this.#model, answer.searches));
  }

  /** True if it is to be sent again. */
  #refused(id: string, error: unknown): boolean {
    const command = this.#model.commands.get(id);
    if (!command) return false;
    const { refresh, failed, pull } = this.context;
    const code = codeOf(error);
    const conversationId = conversationOf(command);
    const what = handlerOf(command.name).refused(code);
    if (what === 'keep') {
      const all = [id, ...this.#dependentsOf(id)];
      for (const one of all) this.#change(one, { state: 'failed', error: code });
      void this.table.save(...all);
      // The conflicting change may not have arrived yet.
      if (code === 'conflict' && conversationId) void pull(conversationId);
    } else if (what === 'drop') this.discard(id);
    else {
      this.#change(id, { state: 'pending' });
      // If the user is no longer a member, the commands are dropped with the entry; otherwise the command is sent
      // again.
      const done = () => {
        if (!conversationId || this.#model.entries.has(conversationId)) return;
        for (const { id: other, name } of commandsOf(this.#model, conversationId))
          if (handlerOf(name).endsWithMembership) this.discard(other);
      };
      if (conversationId)
        refresh(conversationId).then(done, (again) => {
          failed(again);
          if (isNotFound(again)) done();
        });
    }
    return what === 'check';
  }

  #change(id: string, change: Partial<Command>) {
    const { store } = this.context;
    const held = this.#model.commands.get(id);
    if (held) store.set(withCommand(this.#model, id, { ...held, ...change } as Command));
  }

  /** Id and arguments of a command about a message: one command per message. */
  targetOf(name: 'edit' | 'recall', conversationId: string, message: number | string) {
    const isText = typeof message === 'string';
    const seq = isText ? seqIn(this.#model, conversationId, message) : message;
    const held = changesOf(this.#model, conversationId).find(
      (change) => change.name === name && change.args.target.seq === seq && seq !== null,
    );
    const clientId = isText ? message : clientIdIn(this.#model, conversationId, message);
    const target = held?.args.target ?? { seq, clientId };
    // Never on disk before the message itself.
    const beside = isText ? { id: message, change: (row: Command | null) => row } : undefined;
    return { id: held?.id ?? ids[name](conversationId, message), args: { conversationId, target }, beside };
  }
}

/** The current command after the answer to what was sent of it. */
const leftOf = (held: Command | null, sent: AnyArgs, answer: Answer): Command | null => {
  const args = held && handlerOf(held.name).settle(held.args, sent, answer);
  return args && ({ ...held, state: 'pending', args } as Command);
};

/** Without commands whose result the window has, or that have no window to wait for. */
const withoutSeen = (model: Model, conversationId: string): Model => {
  const timeline = model.timelines.get(conversationId);
  if (timeline && !isLoaded(timeline)) return model;
  return withoutStored(model, conversationId, [], timeline?.rev ?? Number.POSITIVE_INFINITY);
};
