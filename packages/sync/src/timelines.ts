import type { Message, MessagePage } from '@lockstep/protocol';
import { applyPulled } from './apply.ts';
import { type Context, isNotFound } from './context.ts';
import { codeOf, waitFor } from './faults.ts';
import { isBehind, isLoaded, withoutTimeline, withTimeline } from './model.ts';
import type { TimelineState } from './types.ts';
import { appendPage, prependPage, replaceWindow, unloaded } from './window.ts';

const PAGE = 50;
const CHANGES = 100;
/** Windows kept beside the one opened last. */
const KEPT = 10;

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
  readonly #loads = new Map<string, Load>();
  readonly #pulls = new Map<string, { done: Promise<void>; again: boolean }>();
  readonly #attempts = new Map<string, number>();

  constructor(readonly context: Context) {}

  /** Those with a window, the one opened last first. */
  get opened(): readonly string[] {
    return this.#opened.filter((id) => this.#get(id)).reverse();
  }

  #get(id: string) {
    return this.context.store.model.timelines.get(id);
  }

  #set(id: string, timeline: TimelineState, shown: readonly Message[] = []) {
    const { store } = this.context;
    store.set(withTimeline(store.model, id, timeline, shown));
  }

  async open(id: string): Promise<void> {
    this.#opened = [...this.#opened.filter((other) => other !== id), id];
    this.#evict();
    const timeline = this.#get(id);
    if (timeline && isLoaded(timeline)) return this.pull(id);
    return this.newest(id);
  }

  #evict() {
    const { store } = this.context;
    while (this.#opened.length > KEPT + 1) {
      const id = this.#opened.shift() as string;
      this.#loads.delete(id);
      store.set(withoutTimeline(store.model, id));
    }
  }

  newest(id: string): Promise<void> {
    return this.#load(id, 'newest', async () => {
      await this.#ensureEntry(id);
      return this.context.transport.before(id, null, PAGE);
    });
  }

  around(id: string, seq: number): Promise<void> {
    return this.#load(id, 'around', async () => {
      await this.#ensureEntry(id);
      return this.context.transport.around(id, seq, PAGE);
    });
  }

  async before(id: string): Promise<void> {
    const timeline = this.#get(id);
    const first = timeline?.messages[0]?.seq;
    if (!timeline?.hasBefore || first === undefined) return;
    return this.#load(id, 'before', () => this.context.transport.before(id, first, PAGE));
  }

  async after(id: string): Promise<void> {
    const timeline = this.#get(id);
    const last = timeline?.messages.at(-1)?.seq;
    if (!timeline?.hasAfter || last === undefined) return;
    return this.#load(id, 'after', () => this.context.transport.after(id, last, PAGE));
  }

  /** What a window starts from: every page read after this is at least as new as the entry's head (rule 5). */
  async #ensureEntry(id: string) {
    const { store, refresh } = this.context;
    if (!store.model.entries.has(id)) await refresh(id);
    const rev = store.model.entries.get(id)?.conversation.headRev ?? 0;
    const timeline = this.#get(id);
    if (timeline && !isLoaded(timeline) && rev > timeline.rev) this.#set(id, { ...timeline, rev });
  }

  /** A load of a whole window replaces one under way; `before` and `after` wait for nobody and yield to anything. */
  #load(id: string, kind: Load['kind'], fetch: () => Promise<MessagePage>): Promise<void> {
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

  async #finish(id: string, load: Load, fetch: () => Promise<MessagePage>) {
    const current = () => {
      if (this.#loads.get(id) !== load) return undefined;
      this.#loads.delete(id);
      return this.#get(id);
    };
    try {
      const page = await fetch();
      const timeline = current();
      if (!timeline) return;
      const place = { before: prependPage, after: appendPage, newest: replaceWindow, around: replaceWindow };
      const next = place[load.kind](timeline, page, load.overlay);
      this.#set(id, next, next.messages);
      if (isBehind(this.context.store.model, id)) await this.pull(id);
    } catch (error) {
      this.context.failed(error);
      const timeline = current();
      if (!timeline) return;
      this.#set(id, { ...timeline, loading: null, error: codeOf(error) });
    }
  }

  /** Changes that reached the model by whatever way: a page under way may have been read before them. */
  applied(id: string, messages: readonly Message[]): void {
    const overlay = this.#loads.get(id)?.overlay;
    if (!overlay) return;
    for (const message of messages)
      if (message.rev > (overlay.get(message.seq)?.rev ?? 0)) overlay.set(message.seq, message);
  }

  /** Never two at a time for one conversation: who asks during one gets another after it. */
  pull(id: string): Promise<void> {
    const timeline = this.#get(id);
    if (!timeline || !this.context.running()) return Promise.resolve();
    // Its first page is read after this, and is followed by a pull where the head has moved on.
    if (!isLoaded(timeline)) return this.#loads.get(id)?.done ?? this.newest(id);
    const running = this.#pulls.get(id);
    if (running) {
      running.again = true;
      return running.done;
    }
    const job = { done: Promise.resolve(), again: false };
    this.#pulls.set(id, job);
    job.done = this.#pullAll(id, job);
    return job.done;
  }

  async #pullAll(id: string, job: { again: boolean }) {
    try {
      do {
        job.again = false;
        await this.#pullOnce(id);
      } while (job.again && this.#get(id) && this.context.running());
      this.#attempts.delete(id);
      this.#pulls.delete(id);
    } catch (error) {
      this.#pulls.delete(id);
      this.context.failed(error);
      if (isNotFound(error)) await this.context.refresh(id).catch(this.context.failed);
      else this.#retryLater(id, error);
    }
  }

  #retryLater(id: string, error: unknown) {
    const { clock, random, running } = this.context;
    const attempt = this.#attempts.get(id) ?? 0;
    this.#attempts.set(id, attempt + 1);
    clock.setTimeout(() => running() && this.pull(id), waitFor(error, attempt, random));
  }

  /** Pages of changes are gathered and applied in one step, because a page in the middle can leave holes. */
  async #pullOnce(id: string) {
    const { store, transport, take } = this.context;
    const from = this.#get(id)?.rev ?? 0;
    const found = new Map<number, Message>();
    for (let after = from; ; ) {
      const page = await transport.changes(id, after, CHANGES);
      if (!this.#get(id)) return;
      if (page.reset) return this.#reset(id, page.to);
      for (const message of page.messages) found.set(message.seq, message);
      const stuck = page.to === after && page.messages.length === 0;
      after = page.to;
      if (page.to < page.headRev && !stuck) continue;
      const pulled = { conversationId: id, messages: [...found.values()], from, to: after };
      const applied = applyPulled(store.model, { ...pulled, headSeq: page.headSeq });
      if (applied) {
        this.applied(id, pulled.messages);
        return take(id, applied);
      }
      if (stuck) return this.#reset(id, page.to);
    }
  }

  /** Too far behind: the window is given up for the newest page, in one step (rule 8). */
  async #reset(id: string, to: number) {
    this.#loads.delete(id);
    const page = await this.context.transport.before(id, null, PAGE);
    const timeline = this.#get(id);
    if (!timeline) return;
    this.#loads.delete(id);
    const next = replaceWindow({ ...timeline, rev: to }, page, new Map());
    this.#set(id, next, next.messages);
    await this.context.refresh(id);
  }
}
