import type { Message, MessagePage } from '@lockstep/protocol';
import type { Context } from './context.ts';
import type { Mirror } from './mirror.ts';
import type { HeldMessages, LocalStore, Range } from './store/port.ts';

/** A page, and the `rev` that it is at least as new as. */
export interface HeldPage extends MessagePage {
  rev: number;
}

const TIMEOUT_MS = 2_000;
/** Messages needed around the target so that a page from disk is worth showing. */
const CONTEXT = 10;

/** Pages from the local store: contiguous runs only, never across a hole. Null if the store cannot help. */
export class Pages {
  constructor(
    readonly context: Context,
    readonly local: LocalStore,
    readonly mirror: Mirror,
  ) {}

  async #read(id: string, from: number, to: number): Promise<HeldMessages | null> {
    const { ready, clock } = this.context;
    const read = async () => {
      await ready;
      await this.mirror.flush();
      return this.local.messages(id, Math.max(1, from), to).catch(() => null);
    };
    // A disk that does not answer must not delay the answer from the network.
    const late = new Promise<null>((resolve) => clock.setTimeout(() => resolve(null), TIMEOUT_MS));
    const held = await Promise.race([read(), late]);
    // The tab that writes the disk may have heard of a restore of the server before this one, or later.
    return held?.rev && held.generation === (this.context.store.model.generation ?? null) ? held : null;
  }

  #headSeq(id: string) {
    return this.context.store.model.entries.get(id)?.conversation.headSeq ?? 0;
  }

  /** The end of what is held; searched again if the leading tab has written more in the meantime. */
  async newest(id: string, size: number): Promise<HeldPage | null> {
    let end = (await this.#read(id, 1, 0))?.ranges.at(-1)?.[1];
    while (end !== undefined) {
      const held = await this.#read(id, end - size + 1, end);
      const last = held?.ranges.at(-1)?.[1];
      if (held && last === end) return pageOf(held, run(held.messages, end), false);
      end = last;
    }
    return null;
  }

  async before(id: string, seq: number, size: number): Promise<HeldPage | null> {
    const held = await this.#read(id, seq - size, seq - 1);
    return held && pageOf(held, run(held.messages, seq - 1), true);
  }

  async after(id: string, seq: number, size: number): Promise<HeldPage | null> {
    const held = await this.#read(id, seq + 1, seq + size);
    if (!held) return null;
    const messages = run(held.messages, seq + 1);
    return pageOf(held, messages, hasMore(held, messages));
  }

  /** `whole`: only with some context on either side. */
  async around(id: string, seq: number, size: number, whole: boolean): Promise<HeldPage | null> {
    const half = Math.floor(size / 2);
    const held = await this.#read(id, seq - half, seq - half + size - 1);
    if (!held) return null;
    const messages = run(held.messages, seq);
    const [first, last] = [messages[0]?.seq ?? 0, messages.at(-1)?.seq ?? 0];
    const head = this.#headSeq(id);
    const enough = first <= Math.max(1, seq - CONTEXT) && last >= Math.min(head, seq + CONTEXT);
    return whole && !enough ? null : pageOf(held, messages, hasMore(held, messages));
  }

  /** The first held message at or after a time, where what stands before it is held as well; by `seq`. */
  async atTime(id: string, at: number): Promise<number | null> {
    const ranges = (await this.#read(id, 1, 0))?.ranges ?? [];
    for (const [from, to] of ranges) {
      const found = await this.#firstAt(id, [from, to], at);
      if (found !== null) return found;
    }
    return null;
  }

  /** Binary search: times ascend with `seq` closely enough for a jump to a date. */
  async #firstAt(id: string, [from, to]: Range, at: number): Promise<number | null> {
    const timeOf = async (seq: number) => (await this.#read(id, seq, seq))?.messages[0]?.createdAt ?? 0;
    if ((await timeOf(to)) < at) return null;
    let [low, high] = [from, to];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((await timeOf(middle)) < at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The messages that join on to `seq` on both sides, with it. */
const run = (messages: readonly Message[], seq: number): Message[] => {
  const at = messages.findIndex((m) => m.seq === seq);
  if (at < 0) return [];
  let [from, to] = [at, at];
  while (messages[from - 1]?.seq === (messages[from]?.seq ?? 0) - 1) from--;
  while (messages[to + 1]?.seq === (messages[to]?.seq ?? 0) + 1) to++;
  return messages.slice(from, to + 1);
};

/** Nothing is known after the last one held: see Mirror.page. */
const hasMore = ({ ranges }: HeldMessages, messages: readonly Message[]) =>
  (messages.at(-1)?.seq ?? 0) < (ranges.at(-1)?.[1] ?? 0);

const pageOf = ({ rev }: HeldMessages, messages: Message[], hasAfter: boolean): HeldPage | null =>
  messages.length === 0 ? null : { messages, rev, hasBefore: (messages[0]?.seq ?? 1) > 1, hasAfter };
