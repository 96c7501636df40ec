import type { Message } from '@lockstep/protocol';
import type { Context } from './context.ts';
import { activeAt } from './entries.ts';
import { gather } from './gather.ts';
import type { Mirror } from './mirror.ts';
import type { Timer } from './ports.ts';

/** Conversations whose newest page is kept on disk whether or not they were opened. */
export const CACHED = 30;
const CONCURRENCY = 2;
const PAGE = 50;
/** Delay after a push for a conversation that is not held, in ms. */
const DELAY_MS = 5_000;

/** Fetches what is not on disk yet of the conversations that matter most: they can be read offline, and open at once. */
export class Cache {
  #running: Promise<void> | null = null;
  #timer: Timer | null = null;
  /** Opened in any tab of this browser: kept up to date like the most recent. */
  readonly #wanted = new Set<string>();

  constructor(
    readonly context: Context,
    readonly mirror: Mirror,
    readonly size: number,
  ) {}

  want(conversationId: string): void {
    this.#wanted.add(conversationId);
    this.mirror.opened(conversationId);
    this.soon();
  }

  soon(): void {
    if (this.#timer !== null || !this.mirror.writes || this.size === 0) return;
    this.#timer = this.context.clock.setTimeout(() => {
      this.#timer = null;
      void this.run();
    }, DELAY_MS);
  }

  /** Never rejects: what failed is retried after the next catch-up. */
  run(): Promise<void> {
    this.#running ??= this.#runAll().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #runAll() {
    const { store } = this.context;
    if (!this.mirror.writes || this.size === 0) return;
    const recent = [...store.model.entries.values()].sort((a, b) => activeAt(b) - activeAt(a));
    const wanted = recent.filter((entry, i) => i < this.size || this.#wanted.has(entry.conversation.id));
    const missing = wanted.map((entry) => entry.conversation.id).filter((id) => this.#isMissing(id));
    let failed = false;
    const next = async (): Promise<void> => {
      const id = missing.shift();
      if (id === undefined || failed || !this.context.running() || !this.mirror.writes) return;
      try {
        await this.#fetchNewest(id);
      } catch (error) {
        failed = true;
        this.context.failed(error);
      }
      return next();
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, next));
  }

  #isMissing(id: string): boolean {
    const conversation = this.context.store.model.entries.get(id)?.conversation;
    if (!conversation || conversation.headSeq === 0) return false;
    const held = this.mirror.held(id);
    if (!held || held.rev < conversation.headRev) return true;
    const [from = 0, to = 0] = held.ranges.at(-1) ?? [];
    return to < conversation.headSeq || (from > 1 && to - from + 1 < PAGE / 2);
  }

  async #fetchNewest(id: string) {
    const { transport, store } = this.context;
    if (this.mirror.held(id) && !(await this.#catchUp(id))) this.mirror.reset(id);
    if (!this.#isMissing(id)) return;
    // Read before the page is requested, so the page is at least as new.
    const rev = store.model.entries.get(id)?.conversation.headRev ?? 0;
    const page = await transport.before(id, null, PAGE);
    this.mirror.page(id, page, rev);
  }

  /** False if changes cannot bring it up to date (rule 8). */
  async #catchUp(id: string): Promise<boolean> {
    const found = new Map<number, Message>();
    const from = this.mirror.held(id)?.rev ?? 0;
    const gathered = await gather(this.context.transport, id, from, found);
    if (!gathered || gathered.reset) return false;
    this.mirror.changed(id, [...found.values()], from, gathered.to);
    return true;
  }
}
