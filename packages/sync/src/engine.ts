import {
  type InboxEntry,
  LockstepError,
  namedIn,
  namedInEntry,
  type PeopleEvent,
  type Person,
} from '@lockstep/protocol';
import { applyChanges } from './apply.ts';
import { CACHED, Cache } from './cache.ts';
import { CatchUp } from './catchup.ts';
import { type Context, Store } from './context.ts';
import { InboxCursorReporter } from './cursor-reporter.ts';
import { localDigest } from './digest.ts';
import { mergeEntry } from './entries.ts';
import { Ephemeral } from './ephemeral.ts';
import { Leadership } from './leadership.ts';
import { Link } from './link.ts';
import { Mirror } from './mirror.ts';
import { type Applied, emptyModel } from './model.ts';
import { Pages } from './pages.ts';
import { ids } from './pending/command.ts';
import { Drafts } from './pending/drafts.ts';
import { withoutMark } from './pending/personal.ts';
import { PendingWrites } from './pending/queue.ts';
import { newlyRead } from './pending/read.ts';
import { withSearches } from './pending/search.ts';
import { clientIdIn } from './pending/target.ts';
import { People, withChanges, withPeople } from './people.ts';
import { type EngineOptions, type PersonalChange, systemClock } from './ports.ts';
import { PushQueue, withKnownPeople } from './push-queue.ts';
import { withRateLimitRetry } from './rate-limit-retry.ts';
import { Receipts, sendersHaveRead } from './receipts.ts';
import { EntryRefresher } from './refresh.ts';
import { codeOf, isTransient, toLockstepError } from './retry.ts';
import { withSaved } from './saved.ts';
import { Searches } from './searches.ts';
import { MemoryStore } from './store/memory.ts';
import type { SavedState } from './store/port.ts';
import { aloneTabs } from './tabs/alone.ts';
import { Timelines } from './timelines.ts';
import { type EndedBecause, type Engine, endedBecause } from './types.ts';
import { uuidv7 } from './uuid.ts';

/** After a hole in what is pushed, pulls are at least this far apart, in ms: pushed entries rarely follow one another. */
const SPACING_MS = 3_000;
/** How long to wait for the disk, in ms. */
const DISK_MS = 2_000;

/** The engine of one device of one person. It does nothing until `start`. */
export const createEngine = (options: EngineOptions): Engine => {
  const { clock = systemClock, random = Math.random, userId } = options;
  const fetchMissing = (userIds: readonly string[]) => people.fetchMissing(userIds);
  const addPeople = (found: readonly Person[]) => store.set(withPeople(store.model, found));
  const transport = withKnownPeople(
    withRateLimitRetry(options.transport, clock, random),
    addPeople,
    fetchMissing,
  );
  const newId = options.newId ?? (() => uuidv7(clock.now()));
  const local = options.store ?? new MemoryStore({ userId });
  const tabs = options.tabs ?? aloneTabs();
  const store = new Store({ ...emptyModel(userId), storage: local.kind });
  let started = false;
  let starts = 0;
  let isReady = () => {};

  const context: Context = {
    store,
    transport,
    clock,
    random,
    ready: new Promise((resolve) => {
      isReady = resolve;
    }),
    take: (id: string, applied: Applied) => {
      const { staleEntries } = applied.model;
      store.set(
        applied.refresh ? { ...applied.model, staleEntries: new Set(staleEntries).add(id) } : applied.model,
      );
      if (applied.pull) void timelines.pull(id);
      if (applied.refresh) refresher.refresh(id).catch(context.failed);
      if (store.model.commands.size > 0) writes.lanes.resume();
    },
    push: (event) => {
      const { conversationId: id, messages } = event;
      const [first, last] = [messages[0], messages.at(-1)];
      if (first && last) timelines.applied(id, messages, first.rev - 1, last.rev);
      const applied = applyChanges(store.model, event);
      context.take(id, { ...applied, model: sendersHaveRead(applied.model, id, messages) });
      if (!mirror.held(id)) cache.soon();
    },
    acknowledge: (messages) => writes.table.acknowledge(messages),
    refresh: (id) => refresher.refresh(id),
    pull: (id) => timelines.pull(id),
    bring: fetchMissing,
    failed: (error) => {
      if (error instanceof LockstepError && error.code === 'unauthenticated')
        end(endedBecause(error.data.ended));
      else if (!(error instanceof LockstepError) ? isDefect(error) : error.code === 'internal')
        options.onFault?.(error);
    },
    running: () => started && store.model.connection !== 'ended',
    isSender: () => context.running() && (store.model.leader || local.kind === 'memory'),
    pending: () => writes.lanes.resume(),
  };

  const writes = new PendingWrites(context, local, tabs, options.searches ?? null);
  const drafts = new Drafts(context, writes, newId());
  const mirror = new Mirror(context, local, () => lead.onLeadershipLost());
  const pages = new Pages(context, local, mirror);
  const timelines = new Timelines(context, pages, mirror);
  const refresher = new EntryRefresher(context);
  const receipts = new Receipts(context);
  const cursorReporter = new InboxCursorReporter(context);
  const searches = new Searches(context, options.searches ?? null);
  const people = new People(context);
  const arrivals = new PushQueue(fetchMissing, context);
  const ephemeral = new Ephemeral(context);
  const catchUp = new CatchUp(context, timelines, people);
  const cache = new Cache(context, mirror, options.cached ?? CACHED);
  const readCommands = (saved: Promise<SavedState>) => writes.table.read(saved).catch(context.failed);
  const lead = new Leadership(context, local, tabs, mirror, options.store !== undefined, readCommands, () => {
    writes.lanes.flush();
    if (store.model.caughtUp) void cache.run();
  });

  const link = new Link(
    context,
    {
      changes: (event) => {
        const at = event.messages.at(-1)?.createdAt;
        arrivals.take(namedIn(event.messages), () =>
          store.batch(() => {
            context.push(event);
            if (at) store.set({ ...store.model, lag: Math.max(0, clock.now() + link.aheadMs - at) });
          }),
        );
      },
      inbox: ({ entry }) => arrivals.take(namedInEntry(entry), () => onEntry(entry)),
      typing: (event) => ephemeral.onTyping(event),
      receipt: (event) => arrivals.take([event.userId], () => receipts.onReceipt(event)),
      presence: (event) => ephemeral.onPresence(event),
      people: (event) => onPeople(event),
      searches: () => void searches.refresh(),
    },
    async () => {
      await catchUp.run();
      refresher.flush();
      await writes.table.read();
      writes.lanes.flush();
      people.flush();
      for (const id of store.model.receipts.keys()) void receipts.fetch(id);
      void cache.run();
    },
    (socket) => {
      ephemeral.use(socket);
      cursorReporter.use(socket);
      if (socket) void searches.refresh();
    },
    (because) => end(because),
  );

  /** If the session only expired, the local data is kept: the user signs in again and goes on. */
  const end = (because: EndedBecause, wiped = false) => {
    if (store.model.connection === 'ended') return;
    link.stop();
    const { storage } = store.model;
    const over = { connection: 'ended', endedBecause: because } as const;
    if (because === 'expired') {
      void lead.resign();
      store.set({ ...store.model, ...over });
    } else {
      mirror.end();
      store.set({ ...emptyModel(userId), ...over, loaded: true, storage });
      if (!wiped) void local.wipe().catch(context.failed);
    }
    if (!wiped) tabs.post({ type: 'ended', reason: because, wiped: because !== 'expired' });
  };

  tabs.listen((message) => {
    if (message.type === 'ended') end(message.reason, true);
    else if (message.type === 'interest') cache.want(message.conversationId);
  });
  local.onDegraded(() => {
    store.set({ ...store.model, storage: local.kind });
    context.pending();
  });

  /** Each returns whether a lost push is still missing. */
  let missing: (() => boolean)[] = [];
  const pullSoon = (isMissing: () => boolean) => {
    if (missing.push(isMissing) > 1) return;
    clock.setTimeout(() => {
      const still = missing.some((one) => one());
      missing = [];
      if (context.running() && still) catchUp.run().catch(context.failed);
    }, SPACING_MS);
  };

  const onEntry = (entry: InboxEntry) => {
    const { pos } = store.model;
    store.batch(() => {
      context.take(entry.conversation.id, mergeEntry(store.model, entry));
      if (entry.pos === pos + 1) store.set({ ...store.model, pos: entry.pos });
    });
    if (entry.pos > pos + 1) pullSoon(() => store.model.pos < entry.pos);
  };

  const onPeople = (event: PeopleEvent) => {
    store.set(withChanges(store.model, event));
    const { peopleRev } = store.model;
    // Before the first answer there is no cursor yet, and the next pull is on its way.
    if (peopleRev !== null && event.after > peopleRev)
      pullSoon(() => (store.model.peopleRev ?? 0) < event.to);
  };

  const setPersonal = (conversationId: string, change: PersonalChange) => {
    const entry = store.model.inbox.get(conversationId);
    if (!entry || Object.keys(change).length === 0) return;
    if (change.placeSeq !== undefined && change.placeSeq === entry.placeSeq) return;
    void writes.add('personal', ids.personal(conversationId), { conversationId, change });
  };

  /**
   * Loads what is on disk before anything is requested from the server; does not wait for a disk that does not
   * answer.
   */
  let booting: Promise<void> | null = null;
  const boot = async () => {
    const loading = local.load().then((saved) => {
      store.batch(() => {
        const early = drafts.putAside();
        store.set({ ...withSaved(store.model, saved), storage: local.kind });
        writes.table.takeAll(saved.commands);
        drafts.addBack(early);
      });
      isReady();
    });
    await Promise.race([
      loading.catch(context.failed),
      new Promise<void>((resolve) => clock.setTimeout(resolve, DISK_MS)),
    ]);
    isReady();
    if (!store.model.loaded) store.set({ ...store.model, loaded: true });
  };

  return {
    getState: () => store.model,
    subscribe: (listener) => store.subscribe(listener),
    start: () => {
      if (started || store.model.connection === 'ended') return;
      started = true;
      lead.run();
      booting ??= boot();
      const current = ++starts;
      void booting.then(() => context.running() && current === starts && link.start());
    },
    stop: () => {
      if (!started) return;
      started = false;
      link.stop();
      drafts.saveAll();
      void lead.resign();
    },
    wake: () => {
      if (!context.running()) return;
      link.wake();
      writes.table.read().catch(context.failed);
    },
    suspend: () => context.running() && link.suspend(),
    open: async (id) => {
      tabs.post({ type: 'interest', conversationId: id });
      await timelines.open(id);
      void receipts.fetch(id);
    },
    hold: (id) => timelines.hold(id),
    loadBefore: (id) => timelines.before(id),
    loadAfter: (id) => timelines.after(id),
    loadAround: (id, seq) => timelines.around(id, seq),
    jumpToNewest: (id) => timelines.newest(id),
    loadAtTime: async (id, at) => {
      const seq = await transport.atTime(id, at).catch((error) => {
        context.failed(error);
        if (isTransient(codeOf(error))) return pages.atTime(id, at);
        throw toLockstepError(error);
      });
      await (seq === null ? timelines.newest(id) : timelines.around(id, seq));
      return seq;
    },
    send: (id, said) => {
      const written = typeof said === 'string' ? { body: said } : said;
      ephemeral.sent(id);
      const clientId = newId();
      store.batch(
        () =>
          void writes.add(
            'send',
            clientId,
            { conversationId: id, ...written },
            drafts.sent(id, written.body),
          ),
      );
      return clientId;
    },
    retry: (id) => writes.retry(id),
    discard: (id) => writes.discard(id),
    edit: (id, message, body, baseEditedAt) => {
      const target = writes.targetOf('edit', id, message);
      return writes.add('edit', target.id, { ...target.args, body, baseEditedAt }, target.beside);
    },
    recall: (id, message) => {
      const target = writes.targetOf('recall', id, message);
      return writes.add('recall', target.id, target.args, target.beside);
    },
    annotate: (id, seq, annotating) => {
      const target = { seq, clientId: clientIdIn(store.model, id, seq) };
      const command = ids.annotate(id, seq, annotating.what);
      return writes.add('annotate', command, { conversationId: id, target, ...annotating });
    },
    changeSearches: (change) => void writes.add('search', newId(), change),
    refreshSearches: () => void searches.refresh(),
    applySearches: (known) =>
      store.model.knownSearches.length === 0 && store.set(withSearches(store.model, known)),
    setDraft: (id, text) => drafts.set(id, text),
    setPersonal,
    setLastViewed: (id, seq) => setPersonal(id, { placeSeq: seq }),
    markRead: (id, seq) => {
      const readSeq = newlyRead(store.model, id, seq);
      if (readSeq === null) return;
      store.batch(() => {
        writes.amend('personal', ids.personal(id), withoutMark);
        void writes.add('read', ids.read(id), { conversationId: id, seq: readSeq });
      });
    },
    typing: (id) => ephemeral.sendTyping(id),
    watchPresence: (userIds) => ephemeral.watch(userIds),
    needPeople: (userIds) => people.need(userIds),
    applyPeople: addPeople,
    applyEntry: (entry) => context.take(entry.conversation.id, mergeEntry(store.model, entry)),
    digest: () => localDigest(store.model),
    flush: async () => {
      drafts.saveAll();
      await writes.table.idle();
      await mirror.flush();
    },
    wipe: async () => {
      end('signed_out', true);
      tabs.post({ type: 'ended', reason: 'signed_out', wiped: true });
      await local.wipe();
    },
  };
};

/** The network rejects with many kinds of errors; these kinds are defects of our own. */
const isDefect = (error: unknown) => error instanceof ReferenceError || error instanceof RangeError;
