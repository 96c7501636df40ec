import { type InboxEntry, LockstepError, type Message } from '@lockstep/protocol';
import { type Applied, applyChanges } from './apply.ts';
import { CatchUp } from './catchup.ts';
import { type Context, Store } from './context.ts';
import { mergeEntry } from './entries.ts';
import { Ephemeral } from './ephemeral.ts';
import { toLockstepError } from './faults.ts';
import { Link } from './link.ts';
import { emptyModel } from './model.ts';
import { Outbox } from './outbox.ts';
import { People } from './people.ts';
import { type EngineOptions, systemClock } from './ports.ts';
import { Reads } from './reads.ts';
import { EntryRefresher } from './refresh.ts';
import { Timelines } from './timelines.ts';
import type { Engine } from './types.ts';
import { uuidv7 } from './uuid.ts';

/** After a hole in the inbox, pulls are at least this far apart, in ms: pushed entries rarely follow one another. */
const INBOX_SPACING_MS = 3_000;

/** The engine of one device of one person. It does nothing until `start`. */
export const createEngine = (options: EngineOptions): Engine => {
  const { transport, clock = systemClock, random = Math.random } = options;
  const newId = options.newId ?? (() => uuidv7(clock.now()));
  const store = new Store(emptyModel(options.userId));
  let started = false;

  const context: Context = {
    store,
    transport,
    clock,
    random,
    take: (id: string, applied: Applied) => {
      store.set(applied.model);
      if (applied.pull) void timelines.pull(id);
      if (applied.refresh) refresher.refresh(id).catch(context.failed);
    },
    push: (event) => {
      timelines.applied(event.conversationId, event.messages);
      context.take(event.conversationId, applyChanges(store.model, event));
    },
    refresh: (id) => refresher.refresh(id),
    pull: (id) => timelines.pull(id),
    failed: (error) => {
      if (error instanceof LockstepError && error.code === 'unauthenticated') end();
      else if (error instanceof LockstepError && error.code === 'internal') options.onFault?.(error);
    },
    running: () => started && store.model.connection !== 'ended',
  };

  const timelines = new Timelines(context);
  const refresher = new EntryRefresher(context);
  const reads = new Reads(context);
  const people = new People(context);
  const ephemeral = new Ephemeral(context);
  const catchUp = new CatchUp(context, timelines);
  const outbox = new Outbox(context, newId, (message) => stored(message));

  const link = new Link(
    context,
    {
      changes: (event) => context.push(event),
      inbox: ({ entry }) => onEntry(entry),
      typing: (event) => ephemeral.onTyping(event),
      receipt: () => {},
      presence: (event) => ephemeral.onPresence(event),
    },
    async () => {
      await catchUp.run();
      outbox.flush();
      reads.flush();
      people.flush();
    },
    (socket) => ephemeral.use(socket),
    () => end(),
  );

  const end = () => {
    if (store.model.connection === 'ended') return;
    link.stop();
    store.set({ ...store.model, connection: 'ended' });
  };

  /** In write diffusion the fan-out raises the sender's read position; in read diffusion nobody else does. */
  const stored = (message: Message) => {
    const entry = store.model.inbox.get(message.conversationId);
    if (entry?.conversation.diffusion === 'read') reads.mark(message.conversationId, message.seq);
  };

  let inboxTimer = false;
  const onEntry = (entry: InboxEntry) => {
    const { pos } = store.model;
    context.take(entry.conversation.id, mergeEntry(store.model, entry));
    if (entry.pos === pos + 1) store.set({ ...store.model, pos: entry.pos });
    if (entry.pos <= pos + 1 || inboxTimer) return;
    inboxTimer = true;
    clock.setTimeout(() => {
      inboxTimer = false;
      if (context.running() && store.model.pos < entry.pos) catchUp.run().catch(context.failed);
    }, INBOX_SPACING_MS);
  };

  const command = async (call: Promise<Message>) => {
    try {
      const message = await call;
      context.push({ conversationId: message.conversationId, messages: [message] });
    } catch (error) {
      context.failed(error);
      throw toLockstepError(error);
    }
  };

  return {
    getState: () => store.model,
    subscribe: (listener) => store.subscribe(listener),
    start: () => {
      if (started || store.model.connection === 'ended') return;
      started = true;
      link.start();
    },
    stop: () => {
      if (!started) return;
      started = false;
      link.stop();
    },
    wake: () => context.running() && link.wake(),
    suspend: () => context.running() && link.suspend(),
    open: (id) => timelines.open(id),
    loadBefore: (id) => timelines.before(id),
    loadAfter: (id) => timelines.after(id),
    loadAround: (id, seq) => timelines.around(id, seq),
    jumpToNewest: (id) => timelines.newest(id),
    send: (id, body) => {
      ephemeral.sent(id);
      return outbox.send(id, body);
    },
    retry: (clientId) => outbox.retry(clientId),
    discard: (clientId) => outbox.discard(clientId),
    edit: (id, seq, body) => command(transport.edit(id, seq, body)),
    recall: (id, seq) => command(transport.recall(id, seq)),
    markRead: (id, seq) => reads.mark(id, seq),
    typing: (id) => ephemeral.tell(id),
    watchPresence: (userIds) => ephemeral.watch(userIds),
    needPeople: (userIds) => people.need(userIds),
    applyEntry: (entry) => context.take(entry.conversation.id, mergeEntry(store.model, entry)),
  };
};
