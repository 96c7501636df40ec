import { hasText, type Message, type SearchHit, textRevOf } from '@lockstep/protocol';
import { matcherOf } from '../query/fits.ts';
import { keyOf, newestFirst } from '../query/key.ts';
import type { Plan } from '../query/plan.ts';
import {
  codesOfMessage,
  marksOf,
  type Part,
  type Steps,
  type Term,
  type Trait,
  tokensOfMessage,
  traitsOf,
} from '../text/index.ts';
import { STEPS_OF_MESSAGE, STRIDE } from './window-hits.ts';

interface Row {
  message: Message;
  readonly at: number;
  readonly conversationId: string;
  readonly seq: number;
  /** Its tokens by their number, in pairs: place in the text, token. */
  readonly tokens: Uint32Array;
  /** What may be found by any part of it; null for most. */
  readonly codes: string | null;
  /** BIT of each trait. */
  readonly traits: number;
  gone: boolean;
}

const BIT: Record<Trait, number> = { link: 1, code: 2, mention: 4, edit: 8 };
const bitsOf = (traits: readonly Trait[]): number => traits.reduce((bits, trait) => bits | BIT[trait], 0);

/** Of rows with the rarest token: fewer than one in so many are sorted by themselves, otherwise all rows are walked. */
const RARE = 12;

/** The tokens that one part of a term stands for: a single one, or several, marked by their number. */
type Wanted = number | Uint8Array;
interface Asked {
  code: string | null;
  exact: boolean;
  parts: { at: number; wanted: Wanted }[];
}

/**
 * The messages that a device holds, in memory, with the tokens of their texts: words, and pairs of characters where
 * there are no spaces. Who asks walks from the newest on and stops when there are enough: the rows that have the rarest
 * token, or all of them. Each is asked by the numbers of its tokens, without taking its text apart; only what passes is
 * then asked as on the server (test/device/speed.ts).
 */
export class DeviceIndex {
  readonly #rows = new Map<string, Map<number, Row>>();
  readonly #numbers = new Map<string, number>();
  /** By the number of a token: the rows that have it, and some that are gone. */
  readonly #byToken: Row[][] = [];
  /** Newest first, as of the last question. */
  #sorted: Row[] = [];
  #fresh: Row[] = [];
  #gone = 0;

  /** Puts what is held of a conversation in the place of what was; nothing at all: forgets it. */
  replace(conversationId: string, messages: readonly Message[]): void {
    const before = this.#rows.get(conversationId) ?? new Map<number, Row>();
    const rows = new Map<number, Row>();
    for (const message of messages) {
      if (!hasText(message)) continue;
      const known = before.get(message.seq);
      const same = known && textRevOf(known.message) === textRevOf(message) ? known : null;
      if (same) {
        before.delete(message.seq);
        // What was only annotated is not taken apart again.
        same.message = message;
      }
      rows.set(message.seq, same ?? this.#add(message, message.body));
    }
    for (const row of before.values()) row.gone = true;
    this.#gone += before.size;
    if (rows.size > 0) this.#rows.set(conversationId, rows);
    else this.#rows.delete(conversationId);
    if (this.#gone > 1_000 && this.#gone > this.size) this.#sweep();
  }

  get size(): number {
    let size = 0;
    for (const rows of this.#rows.values()) size += rows.size;
    return size;
  }

  /** What fits, newest first. A null stands for a stretch without any: who waits may look whether it is still wanted. */
  *search(plan: Plan): Generator<SearchHit | null> {
    if (plan.matchesNothing) return;
    const wanted = plan.conversations.some && new Set(plan.conversations.some);
    const terms = plan.terms.map((term) => this.#asked(term));
    const notTerms = plan.notTerms.map((term) => this.#asked(term));
    const traits = bitsOf(plan.traits) | (plan.mentions.some ? BIT.mention : 0);
    const notTraits = bitsOf(plan.notTraits);
    const { from, to } = plan.range;
    const steps: Steps = { taken: 0 };
    const isHit = matcherOf(plan, steps);
    for (const row of this.#candidates(terms)) {
      steps.taken += STEPS_OF_MESSAGE;
      if (steps.taken >= STRIDE) {
        steps.taken = 0;
        yield null;
      }
      const { message } = row;
      if (row.gone || row.at < from || row.at >= to) continue;
      if ((row.traits & traits) !== traits || (row.traits & notTraits) !== 0) continue;
      if (wanted && !wanted.has(row.conversationId)) continue;
      const has = (term: Asked) => hasTerm(row, term, steps);
      if (!terms.every(has) || notTerms.some(has)) continue;
      if (isHit(message)) yield { message, marks: marksOf(message.body ?? '', plan.terms, steps) };
    }
  }

  #add(message: Message, body: string): Row {
    const found = tokensOfMessage(body);
    const tokens = new Uint32Array(found.length * 2);
    const row: Row = {
      message,
      ...keyOf(message),
      tokens,
      codes: codesOfMessage(body),
      traits: bitsOf(traitsOf(body, message.editedAt !== null)),
      gone: false,
    };
    for (const [i, { text, at }] of found.entries()) {
      let number = this.#numbers.get(text);
      if (number === undefined) {
        number = this.#byToken.push([]) - 1;
        this.#numbers.set(text, number);
      }
      tokens[i * 2] = at;
      tokens[i * 2 + 1] = number;
      const rows = this.#byToken[number] as Row[];
      if (rows.at(-1) !== row) rows.push(row);
    }
    this.#fresh.push(row);
    return row;
  }

  #sweep(): void {
    for (const [number, rows] of this.#byToken.entries())
      this.#byToken[number] = rows.filter((row) => !row.gone);
    this.#gone = 0;
  }

  #asked({ parts, code, exact }: Term): Asked {
    return { code, exact, parts: parts.map((part) => ({ at: part.at, wanted: this.#wanted(part) })) };
  }

  #wanted({ texts, prefix }: Part): Wanted {
    if (!prefix && texts.length === 1) return this.#numbers.get(texts[0] as string) ?? -1;
    const marked = new Uint8Array(this.#byToken.length);
    if (!prefix)
      for (const text of texts) {
        const number = this.#numbers.get(text);
        if (number !== undefined) marked[number] = 1;
      }
    else
      for (const [token, number] of this.#numbers)
        if (texts.some((text) => token.startsWith(text))) marked[number] = 1;
    return marked;
  }

  /** All that can fit, and more, newest first. */
  #candidates(terms: readonly Asked[]): readonly Row[] {
    const sorted = this.#newestFirst();
    let rarest: Row[][] | null = null;
    let fewest = sorted.length / RARE;
    // A code may stand in a text that has none of its words.
    for (const { parts } of terms.filter(({ code }) => code === null))
      for (const { wanted } of parts) {
        const lists = this.#withToken(wanted);
        const count = lists.reduce((sum, list) => sum + list.length, 0);
        if (count < fewest) [rarest, fewest] = [lists, count];
      }
    return rarest ? [...new Set(rarest.flat())].sort(newestFirst) : sorted;
  }

  #withToken(wanted: Wanted): Row[][] {
    if (typeof wanted === 'number') return wanted < 0 ? [] : [this.#byToken[wanted] as Row[]];
    return this.#byToken.filter((_, number) => wanted[number] === 1);
  }

  #newestFirst(): readonly Row[] {
    if (this.#fresh.length > 0 || this.#gone > 0) {
      const rows = this.#sorted.filter((row) => !row.gone);
      this.#sorted = merged(rows, this.#fresh.filter((row) => !row.gone).sort(newestFirst));
      this.#fresh = [];
    }
    return this.#sorted;
  }
}

const is = (wanted: Wanted, token: number): boolean =>
  typeof wanted === 'number' ? wanted === token : wanted[token] === 1;

/** As Text.has, by numbers. */
const hasTerm = ({ tokens, codes }: Row, { code, exact, parts }: Asked, steps: Steps): boolean => {
  if (code !== null && codes?.includes(code)) return true;
  if (exact) return false;
  const [first, ...rest] = parts;
  if (!first) return false;
  steps.taken += tokens.length / 2;
  for (let i = 0; i < tokens.length; i += 2) {
    if (!is(first.wanted, tokens[i + 1] as number)) continue;
    if (rest.length === 0 || goesOn(tokens, i, rest, steps)) return true;
  }
  return false;
};

/** Whether the other parts of a term stand behind the first. Tokens stand in the order of their places: each is looked at once. */
const goesOn = (tokens: Uint32Array, first: number, rest: Asked['parts'], steps: Steps): boolean => {
  const start = tokens[first] as number;
  let i = first;
  for (const { at, wanted } of rest) {
    while (i < tokens.length && (tokens[i] as number) < start + at) {
      i += 2;
      steps.taken++;
    }
    let found = false;
    // A word such as `c++` has two tokens at its place.
    for (let j = i; tokens[j] === start + at && !found; j += 2) found = is(wanted, tokens[j + 1] as number);
    if (!found) return false;
  }
  return true;
};

const merged = (a: readonly Row[], b: readonly Row[]): Row[] => {
  const rows: Row[] = [];
  let i = 0;
  for (const row of b) {
    while (i < a.length && newestFirst(a[i] as Row, row) < 0) rows.push(a[i++] as Row);
    rows.push(row);
  }
  while (i < a.length) rows.push(a[i++] as Row);
  return rows;
};
