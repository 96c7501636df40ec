import {
  type ChangePage,
  LIMITS,
  type Message,
  type MessagePage,
  namedIn,
  type TimelineCursor,
} from '@lockstep/protocol';
import { applyPulled } from './apply.ts';
import { type Context, isNotFound } from './context.ts';
import { gather } from './gather.ts';
import type { Mirror } from './mirror.ts';
import { isBehind, isLoaded } from './model.ts';
import { withoutTimeline, withTimeline } from './model-changes.ts';
import type { HeldPage, Pages } from './pages.ts';
import { codeOf, isTransient, waitFor } from './retry.ts';
import type { TimelineState } from './types.ts';
import { appendPage, prependPage, replaceWindow, unloaded } from './window.ts';

const PAGE = 50;
/** Windows kept in addition to the one opened last. */
const KEPT = 10;
/** A page on disk that ends further from the head than this is shown only when the network has none. */
const NEAR = 200;

/** What changed after `afterRev`, as a pull of the inbox has brought it. */
export interface PrefetchedChanges {
  afterRev: number;
  page: ChangePage;
}

interface Load {
  kind: NonNullable<TimelineState['loading']>;
  done: Promise<void>;
  /** Changes applied since the load began. */
  overlay: Map<number, Message>;
}

/** The windows of the conversations opened lately: pages by `seq`, and catching up by `rev`. */
export class Timelines {
  /** Least recently opened first. */
  #opened: string[] = [];
  /** How often each is shown. */
  readonly #held = new Map<string, number>();
  readonly #loads = new Map<string, Load>();
  readonly #pulls = new Map<string, { done: Promise<boolean>; again: boolean }>();
  readonly #attempts = new Map<string, number>();

  constructor(
    readonly context: Context,
    readonly pages: Pages,
    readonly mirror: Mirror,
  ) {}

  /** Those with a window, the one opened last first. */
  get opened(): readonly string[] {
    return this.#opened.filter((id) => this.#get(id)).reverse();
  }

  /** Where the windows stand, the one opened last first: what a pull of the inbox may bring up to date with it. */
  cursors(): TimelineCursor[] {
    return this.opened
      .filter((id) => this.#isLoaded(id) && !this.#pulls.has(id))
      .map((id) => ({ conversationId: id, afterRev: this.#get(id)?.rev ?? 0 }))
      .slice(0, LIMITS.inboxTimelines);
  }

  #get(id: string) {
    return this.context.store.model.timelines.get(id);
  }

  #set(id: string, timeline: TimelineState, shown: readonly Message[] = []) {
    const { store } = this.context;
    store.set(withTimeline(store.model, id, timeline, shown));
  }

  /** From the disk, where that has it; what happened since is pulled. */
  async open(id: string): Promise<void> {
    this.#opened = [...this.#opened.filter((other) => other !== id), id];
    this.#evict();
    this.mirror.opened(id);
    const timeline = this.#get(id);
    if (!timeline || !isLoaded(timeline)) {
      await this.newest(id);
      // The error is already shown, and opening it again retries.
      if (this.#get(id)?.error) return;
    }
    // Also after a failed load: opening it retries.
    await this.pull(id);
  }

  /** Keeps the window of a conversation that is shown, however many others are opened. Returns what ends it. */
  hold(id: string): () => void {
    const count = (change: number) => {
      const held = (this.#held.get(id) ?? 0) + change;
      if (held > 0) this.#held.set(id, held);
      else this.#held.delete(id);
    };
    count(1);
    return () => count(-1);
  }

  #evict() {
    const { store } = this.context;
    const spare = this.#opened.slice(0, -1).filter((id) => !this.#held.has(id));
    for (const id of spare.slice(0, Math.max(0, this.#opened.length - KEPT - 1))) {
      this.#opened = this.#opened.filter((other) => other !== id);
      this.#loads.delete(id);
      store.set(withoutTimeline(store.model, id));
    }
  }

  /** The server was restored to an earlier state: held messages may be unknown to it (rule 8). */
  forget(): void {
    this.#loads.clear();
    this.mirror.resetAll();
    for (const id of this.opened) this.#set(id, unloaded(0));
  }

  newest(id: string): Promise<void> {
    const near = (page: HeldPage) =>
      (page.messages.at(-1)?.seq ?? 0) >=
      (this.context.store.model.entries.get(id)?.conversation.headSeq ?? 0) - (this.#isLoaded(id) ? 0 : NEAR);
    return this.#load(id, 'newest', async () => {
      const held = this.#usable(id, await this.pages.newest(id, PAGE));
      if (held && near(held)) return held;
      return this.#fetch(id, () => this.context.transport.before(id, null, PAGE)).catch((error) =>
        this.#orHeld(id, error, held),
      );
    });
  }

  around(id: string, seq: number): Promise<void> {
    return this.#load(id, 'around', async () => {
      const held = this.#usable(id, await this.pages.around(id, seq, PAGE, true));
      if (held) return held;
      return this.#fetch(id, () => this.context.transport.around(id, seq, PAGE)).catch(async (error) =>
        this.#orHeld(id, error, await this.pages.around(id, seq, PAGE, false)),
      );
    });
  }

  async before(id: string): Promise<void> {
    const timeline = this.#get(id);
    const first = timeline?.messages[0]?.seq;
    if (!timeline?.hasBefore || first === undefined) return;
    return this.#load(id, 'before', async () => {
      const held = this.#usable(id, await this.pages.before(id, first, PAGE));
      return held ?? this.#fetch(id, () => this.context.transport.before(id, first, PAGE));
    });
  }

  async after(id: string): Promise<void> {
    const timeline = this.#get(id);
    const last = timeline?.messages.at(-1)?.seq;
    if (!timeline?.hasAfter || last === undefined) return;
    return this.#load(id, 'after', async () => {
      const held = this.#usable(id, await this.pages.after(id, last, PAGE));
      return held ?? this.#fetch(id, () => this.context.transport.after(id, last, PAGE));
    });
  }

  #isLoaded(id: string): boolean {
    const timeline = this.#get(id);
    return !!timeline && isLoaded(timeline);
  }

  /** A page from disk that is older than the applied changes would undo them. */
  #usable(id: string, page: HeldPage | null): HeldPage | null {
    const timeline = this.#get(id);
    // This tab may already know that the user has left, while the tab that writes the disk does not (rule 10).
    if (!page || !timeline || !this.context.store.model.entries.has(id)) return null;
    return isLoaded(timeline) && page.rev < timeline.rev ? null : page;
  }

  /** Without the network, a partial page is better than nothing. */
  #orHeld(id: string, error: unknown, page: HeldPage | null): HeldPage {
    const held = isTransient(codeOf(error)) ? this.#usable(id, page) : null;
    if (!held) throw error;
    this.context.failed(error);
    return held;
  }

  /** Every page read after the head is known is at least as new as that head (rule 5). */
  async #fetch(id: string, fetch: () => Promise<MessagePage>): Promise<HeldPage> {
    const { store, refresh, ready } = this.context;
    await ready;
    if (!store.model.entries.has(id)) await refresh(id);
    const rev = store.model.entries.get(id)?.conversation.headRev ?? 0;
    return { ...(await fetch()), rev };
  }

  /** Loading a whole window replaces a load under way; `before` and `after` run only if no other load does. */
  #load(id: string, kind: Load['kind'], fetch: () => Promise<HeldPage>): Promise<void> {
    const running = this.#get(id) && this.#loads.get(id);
    const grows = kind === 'before' || kind === 'after';
    if (running && (grows || running.kind === kind) && kind !== 'around') return running.done;
    if (!this.#opened.includes(id)) this.#opened.push(id);
    this.#set(id, { ...(this.#get(id) ?? unloaded(0)), loading: kind, error: null });
    const load: Load = { kind, done: Promise.resolve(), overlay: new Map() };
    this.#loads.set(id, load);
    load.done = this.#finish(id, load, fetch);
    return load.done;
  }

  async #finish(id: string, load: Load, fetch: () => Promise<HeldPage>) {
    const current = () => {
      if (this.#loads.get(id) !== load) return undefined;
      this.#loads.delete(id);
      return this.#get(id);
    };
    try {
      const page = await fetch();
      // A page from disk may mention people that the disk does not have.
      await this.context.bring(namedIn(page.messages));
      const timeline = current();
      if (!timeline) return;
      const insertPage = {
        before: prependPage,
        after: appendPage,
        newest: replaceWindow,
        around: replaceWindow,
      };
      const rev = isLoaded(timeline) ? timeline.rev : page.rev;
      const next = insertPage[load.kind]({ ...timeline, rev }, page, load.overlay);
      this.#set(id, next, next.messages);
      this.#keep(id, page, next);
      if (isBehind(this.context.store.model, id)) await this.pull(id);
    } catch (error) {
      this.context.failed(error);
      const timeline = current();
      if (!timeline) return;
      this.#set(id, { ...timeline, loading: null, error: codeOf(error) });
    }
  }

  /** As the window has it: changes that came while the page was on its way are in. */
  #keep(id: string, page: MessagePage, { messages, rev, hasAfter }: TimelineState) {
    const [first, last] = [page.messages[0]?.seq, page.messages.at(-1)?.seq];
    if (first === undefined || last === undefined) return;
    const kept = messages.filter((m) => m.seq >= first && (m.seq <= last || !page.hasAfter));
    this.mirror.page(id, { messages: kept, hasAfter: hasAfter || page.hasAfter }, rev);
  }

  /**
   * Changes that reached the model by whatever way, all of those after `since` up to `rev`: a page under way may have
   * been read before them.
   */
  applied(id: string, messages: readonly Message[], since: number, rev: number): void {
    this.context.acknowledge(messages);
    this.mirror.changed(id, messages, since, rev);
    const overlay = this.#loads.get(id)?.overlay;
    if (!overlay) return;
    for (const message of messages)
      if (message.rev > (overlay.get(message.seq)?.rev ?? 0)) overlay.set(message.seq, message);
  }

  /**
   * Single flight per conversation: a call during a pull causes another one after it. True if the window then
   * includes everything that had happened before the call. `prefetched` are changes that the server has already returned.
   */
  async pull(id: string, prefetched: PrefetchedChanges | null = null): Promise<boolean> {
    const timeline = this.#get(id);
    if (!timeline || !this.context.running()) return false;
    // Its first page is read after this call, and a pull follows if the head has moved on.
    if (!isLoaded(timeline)) {
      await (this.#loads.get(id)?.done ?? this.newest(id));
      // The window may have come from the disk.
      return this.#isLoaded(id) ? this.pull(id) : false;
    }
    const running = this.#pulls.get(id);
    if (running) {
      running.again = true;
      return running.done;
    }
    const job = { done: Promise.resolve(false), again: false };
    this.#pulls.set(id, job);
    job.done = this.#pullAll(id, job, prefetched);
    return job.done;
  }

  async #pullAll(
    id: string,
    job: { again: boolean },
    prefetched: PrefetchedChanges | null,
  ): Promise<boolean> {
    try {
      await this.#pullOnce(id, prefetched);
      while (job.again && this.#get(id) && this.context.running()) {
        job.again = false;
        await this.#pullOnce(id, null);
      }
      this.#attempts.delete(id);
      this.#pulls.delete(id);
      return this.context.running();
    } catch (error) {
      this.#pulls.delete(id);
      this.context.failed(error);
      if (isNotFound(error)) await this.context.refresh(id).catch(this.context.failed);
      else this.#retryLater(id, error);
      return false;
    }
  }

  #retryLater(id: string, error: unknown) {
    const { clock, random, running } = this.context;
    const attempt = this.#attempts.get(id) ?? 0;
    this.#attempts.set(id, attempt + 1);
    clock.setTimeout(() => running() && this.pull(id), waitFor(error, attempt, random));
  }

  /** Pages of changes are gathered and applied in one step, because a page in the middle can leave holes. */
  async #pullOnce(id: string, prefetched: PrefetchedChanges | null) {
    const { store, transport, take } = this.context;
    const from = this.#get(id)?.rev ?? 0;
    // Pushes may have moved past it in the meantime; a window that was reset does not take it.
    let page =
      prefetched && prefetched.afterRev <= from && prefetched.page.to >= from ? prefetched.page : null;
    const found = new Map<number, Message>();
    for (let after = from; ; ) {
      const gathered = await gather(transport, id, after, found, () => !!this.#get(id), page);
      page = null;
      if (!gathered) return;
      if (gathered.reset) return this.#reset(id, from, gathered.to);
      after = gathered.to;
      const messages = [...found.values()];
      const pulled = { conversationId: id, messages, from, to: after, headSeq: gathered.headSeq };
      const applied = applyPulled(store.model, pulled);
      if (applied) {
        this.applied(id, messages, from, after);
        return take(id, applied);
      }
      if (gathered.stuck) return this.#reset(id, from, after);
    }
  }

  /** Too far behind: the window is replaced by the newest page in one step (rule 8). */
  #reset(id: string, from: number, to: number): Promise<void> {
    const load: Load = { kind: 'newest', done: Promise.resolve(), overlay: new Map() };
    this.#loads.set(id, load);
    const done = this.#giveUp(id, load, from, to);
    load.done = done.catch(() => {});
    return done;
  }

  async #giveUp(id: string, load: Load, from: number, to: number) {
    const page = await this.context.transport.before(id, null, PAGE).catch((error) => {
      if (this.#loads.get(id) === load) this.#loads.delete(id);
      throw error;
    });
    // The user has jumped elsewhere in the meantime, which began another load: it ends here as well.
    const later = this.#loads.get(id)?.overlay ?? [];
    this.#loads.delete(id);
    const timeline = this.#get(id);
    if (!timeline) return;
    // Changes applied since this pull began stay applied. If the server was restored to an earlier state, the cursor
    // goes back.
    const rev = timeline.rev > from ? Math.max(timeline.rev, to) : to;
    const overlay = new Map([...load.overlay, ...later]);
    const next = replaceWindow({ ...timeline, rev }, page, overlay);
    this.#set(id, next, next.messages);
    this.mirror.reset(id);
    this.#keep(id, page, next);
    await this.context.refresh(id);
  }
}
