import { type InboxEntry, LockstepError, type Message } from '@lockstep/protocol';
import { type Applied, applyChanges } from './apply.ts';
import { CatchUp } from './catchup.ts';
import { type Context, Store } from './context.ts';
import { localDigest } from './digest.ts';
import { Drafts } from './drafts.ts';
import { mergeEntry } from './entries.ts';
import { Ephemeral } from './ephemeral.ts';
import { toLockstepError } from './faults.ts';
import { Link } from './link.ts';
import { emptyModel } from './model.ts';
import { Outbox } from './outbox.ts';
import { People } from './people.ts';
import { Personal } from './personal.ts';
import { Place } from './place.ts';
import { type EngineOptions, systemClock } from './ports.ts';
import { Receipts, sendersHaveRead } from './receipts.ts';
import { EntryRefresher } from './refresh.ts';
import { Timelines } from './timelines.ts';
import type { EndedBecause, Engine } from './types.ts';
import { uuidv7 } from './uuid.ts';

/** After a hole in the inbox, pulls are at least this far apart, in ms: pushed entries rarely follow one another. */
const INBOX_SPACING_MS = 3_000;

/** The engine of one device of one person. It does nothing until `start`. */
export const createEngine = (options: EngineOptions): Engine => {
  const { transport, clock = systemClock, random = Math.random } = options;
  const newId = options.newId ?? (() => uuidv7(clock.now()));
  const store = new Store({ ...emptyModel(options.userId), loaded: true, leader: true });
  let started = false;

  const context: Context = {
    store,
    transport,
    clock,
    random,
    take: (id: string, applied: Applied) => {
      const { owed } = applied.model;
      store.set(applied.refresh ? { ...applied.model, owed: new Set(owed).add(id) } : applied.model);
      if (applied.pull) void timelines.pull(id);
      if (applied.refresh) refresher.refresh(id).catch(context.failed);
      if (store.model.drafts.get(id)?.pending) drafts.changed(id);
    },
    push: (event) => {
      const { conversationId: id, messages } = event;
      timelines.applied(id, messages);
      const applied = applyChanges(store.model, event);
      context.take(id, { ...applied, model: sendersHaveRead(applied.model, id, messages) });
    },
    refresh: (id) => refresher.refresh(id),
    pull: (id) => timelines.pull(id),
    failed: (error) => {
      if (error instanceof LockstepError && error.code === 'unauthenticated')
        end(error.data.ended ?? 'expired');
      else if (error instanceof LockstepError && error.code === 'internal') options.onFault?.(error);
    },
    running: () => started && store.model.connection !== 'ended',
  };

  const timelines = new Timelines(context);
  const refresher = new EntryRefresher(context);
  const personal = new Personal(context);
  const drafts = new Drafts(context);
  const receipts = new Receipts(context);
  const place = new Place(context);
  const people = new People(context);
  const ephemeral = new Ephemeral(context);
  const catchUp = new CatchUp(context, timelines);
  const outbox = new Outbox(context, newId, (message) => stored(message));

  const link = new Link(
    context,
    {
      changes: (event) => {
        const at = event.messages.at(-1)?.createdAt;
        store.batch(() => {
          context.push(event);
          if (at) store.set({ ...store.model, lag: clock.now() + link.aheadMs - at });
        });
      },
      inbox: ({ entry }) => onEntry(entry),
      typing: (event) => ephemeral.onTyping(event),
      receipt: (event) => receipts.onReceipt(event),
      presence: (event) => ephemeral.onPresence(event),
    },
    async () => {
      await catchUp.run();
      outbox.flush();
      personal.flush();
      drafts.flush();
      people.flush();
      for (const id of store.model.receipts.keys()) void receipts.fetch(id);
    },
    (socket) => {
      ephemeral.use(socket);
      place.use(socket);
    },
    (because) => end(because),
  );

  const end = (because: EndedBecause) => {
    if (store.model.connection === 'ended') return;
    link.stop();
    store.set({ ...store.model, connection: 'ended', endedBecause: because });
  };

  /** In write diffusion the fan-out raises the sender's read position; in read diffusion nobody else does. */
  const stored = (message: Message) => {
    const entry = store.model.entries.get(message.conversationId);
    if (entry?.conversation.diffusion === 'read') personal.read(message.conversationId, message.seq);
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
    open: async (id) => {
      await timelines.open(id);
      void receipts.fetch(id);
    },
    loadBefore: (id) => timelines.before(id),
    loadAfter: (id) => timelines.after(id),
    loadAround: (id, seq) => timelines.around(id, seq),
    jumpToNewest: (id) => timelines.newest(id),
    loadAtTime: async (id, at) => {
      const seq = await transport.atTime(id, at);
      await (seq === null ? timelines.newest(id) : timelines.around(id, seq));
      return seq;
    },
    send: (id, body) => {
      ephemeral.sent(id);
      return store.batch(() => {
        drafts.sent(id, body);
        return outbox.send(id, body);
      });
    },
    retry: (clientId) => outbox.retry(clientId),
    discard: (clientId) => outbox.discard(clientId),
    edit: (id, seq, body) => command(transport.edit(id, seq, body)),
    recall: (id, seq) => command(transport.recall(id, seq)),
    setDraft: (id, text) => drafts.set(id, text),
    setPersonal: (id, change) => personal.set(id, change),
    setPlace: (id, seq) => personal.set(id, { placeSeq: seq }),
    markRead: (id, seq) => personal.read(id, seq),
    typing: (id) => ephemeral.tell(id),
    watchPresence: (userIds) => ephemeral.watch(userIds),
    needPeople: (userIds) => people.need(userIds),
    applyEntry: (entry) => context.take(entry.conversation.id, mergeEntry(store.model, entry)),
    digest: () => localDigest(store.model),
    flush: async () => {},
    wipe: async () => {
      started = false;
      link.stop();
    },
  };
};
