import type { Message, SearchHit } from '@lockstep/protocol';
import { codesOf, fits, hasText, marksOf, type Part, type Plan, tokensOf } from '@lockstep/search/device';

interface Row {
  readonly message: Message;
  /** What may be found by any part of it; null for most. */
  readonly codes: string | null;
  /** The last stage of a query that let it through. */
  stage: number;
  gone: boolean;
}

/** A scan lets others look at the clock after this many messages. */
const STRIDE = 500;

/**
 * The messages that a device holds, in memory, with the tokens of their texts: words, and pairs of characters where
 * there are no spaces. A plain scan of the folded texts took twenty times as long for a rare word among 25,000 messages
 * (apps/web/test/search/speed.ts). What has the tokens is then asked with `fits`, as on the server.
 */
export class DeviceIndex {
  readonly #rows = new Map<string, Map<number, Row>>();
  readonly #byToken = new Map<string, Row[]>();
  /** Newest first; null after a change. */
  #sorted: Row[] | null = null;
  #stage = 0;
  #gone = 0;

  /** Puts what is held of a conversation in the place of what was; nothing at all: forgets it. */
  replace(conversationId: string, messages: readonly Message[]): void {
    const before = this.#rows.get(conversationId) ?? new Map<number, Row>();
    const rows = new Map<number, Row>();
    for (const message of messages) {
      if (!hasText(message)) continue;
      const known = before.get(message.seq);
      const same = known?.message.rev === message.rev ? known : null;
      if (same) before.delete(message.seq);
      rows.set(message.seq, same ?? this.#add(message, message.body));
    }
    for (const row of before.values()) row.gone = true;
    this.#gone += before.size;
    if (rows.size > 0) this.#rows.set(conversationId, rows);
    else this.#rows.delete(conversationId);
    this.#sorted = null;
    if (this.#gone > 1_000 && this.#gone > this.size) this.#sweep();
  }

  get size(): number {
    let size = 0;
    for (const rows of this.#rows.values()) size += rows.size;
    return size;
  }

  /** What fits, newest first. A null stands for a stretch without any: who waits may look whether it is still wanted. */
  *search(plan: Plan): Generator<SearchHit | null> {
    if (plan.never) return;
    const wanted = plan.conversations.some && new Set(plan.conversations.some);
    let left = STRIDE;
    for (const { message } of this.#candidates(plan)) {
      if (--left === 0) {
        left = STRIDE;
        yield null;
      }
      if (wanted && !wanted.has(message.conversationId)) continue;
      if (fits(message, plan)) yield { message, marks: marksOf(message.body ?? '', plan.terms) };
    }
  }

  #add(message: Message, body: string): Row {
    const row: Row = { message, codes: codesOf(body), stage: 0, gone: false };
    for (const { text } of tokensOf(body)) {
      const rows = this.#byToken.get(text);
      if (!rows) this.#byToken.set(text, [row]);
      else if (rows.at(-1) !== row) rows.push(row);
    }
    return row;
  }

  #sweep(): void {
    for (const [text, rows] of this.#byToken) {
      const left = rows.filter((row) => !row.gone);
      if (left.length > 0) this.#byToken.set(text, left);
      else this.#byToken.delete(text);
    }
    this.#gone = 0;
  }

  /** All that can fit, and more, newest first: each part of each term lets those through that the one before did. */
  #candidates({ terms }: Plan): readonly Row[] {
    const sorted = this.#newestFirst();
    if (terms.length === 0) return sorted;
    const first = this.#stage + 1;
    const pass = (rows: readonly Row[]) => {
      for (const row of rows)
        if (this.#stage === first || row.stage === this.#stage - 1) row.stage = this.#stage;
    };
    for (const { parts, code } of terms) {
      // A code stands in a text as it is, or else as the words that it is made of: one of these is enough for now.
      for (const part of code === null ? parts : parts.slice(0, 1)) {
        this.#stage++;
        for (const rows of this.#withPart(part)) pass(rows);
        if (code !== null) pass(sorted.filter(({ codes }) => codes?.includes(code)));
      }
    }
    return sorted.filter(({ stage }) => stage === this.#stage);
  }

  *#withPart({ texts, prefix }: Part): Generator<readonly Row[]> {
    if (!prefix) for (const text of texts) yield this.#byToken.get(text) ?? [];
    else
      for (const [token, rows] of this.#byToken) if (texts.some((text) => token.startsWith(text))) yield rows;
  }

  #newestFirst(): readonly Row[] {
    this.#sorted ??= [...this.#rows.values()]
      .flatMap((rows) => [...rows.values()])
      .sort((a, b) => newestFirst(a.message, b.message));
    return this.#sorted;
  }
}

export const newestFirst = (a: Message, b: Message): number =>
  b.createdAt - a.createdAt ||
  b.seq - a.seq ||
  (a.conversationId < b.conversationId ? -1 : a.conversationId > b.conversationId ? 1 : 0);
