import type { Queryable } from '@lockstep/db';
import type { TextMessage } from '@lockstep/protocol';
import { tokensOfMessage } from './text/index.ts';

/** Size of the cache of stored words; it is cleared when full, at about 100 bytes each. */
const MAX_SEEN = 300_000;
const MIN_LENGTH = 4;
/** Shorter ones are kept for what a longer one was meant to be, and for words of several with signs between. */
const MIN_KEPT = 3;
const MAX_LENGTH = 24;
const LETTERS = /^\p{L}+$/u;

/** Whether typos are allowed in it. */
export const allowsTypos = (word: string, least = MIN_LENGTH): boolean =>
  word.length >= least && word.length <= MAX_LENGTH && LETTERS.test(word);

/** Stores every indexed word once. Only new words cost a write. */
export class WordStore {
  #seen = new Set<string>();

  /** In the transaction that indexes the messages. Call `forget` when it is rolled back. */
  async add(client: Queryable, messages: TextMessage[]): Promise<void> {
    const fresh = new Set<string>();
    for (const { body } of messages)
      for (const { text, gram } of tokensOfMessage(body))
        if (!gram && !this.#seen.has(text) && allowsTypos(text, MIN_KEPT)) fresh.add(text);
    if (fresh.size === 0) return;
    // In order, so that two workers cannot deadlock.
    const words = [...fresh].sort();
    await client.query({
      name: 'search-words',
      text: `insert into search_word (word) select w from unnest($1::text[]) w
             where not exists (select 1 from search_word s where s.word = w) on conflict do nothing`,
      values: [words],
    });
    if (this.#seen.size + fresh.size > MAX_SEEN) this.#seen.clear();
    for (const word of words) this.#seen.add(word);
  }

  forget(): void {
    this.#seen.clear();
  }
}
