import {
  parseSearch,
  type SearchFacets,
  type SearchHit,
  type SearchPage,
  type SearchProblem,
  type SearchReach,
} from '@lockstep/protocol';
import { hitKey, type LocalFound, type LocalSearch, mergeHits, namesIn } from '@lockstep/search/device';
import { api } from '../api.ts';
import { errorOf } from '../error-of.ts';
import type { Engine } from '../sync/index.ts';
import { timeZone } from '../time-zone.ts';
import { type Draft, draftText, EMPTY } from './draft.ts';

/** The server is asked this long after the last key, in ms; the device itself at once. */
const TYPING_MS = 140;
const PAGE = 50;
/** A refresh reads as many hits as are shown, but no more than these. */
const MAX_REFRESHED = 500;

export interface SearchState {
  draft: Draft;
  /** `waiting`: the server has not answered yet; `away`: it cannot be reached, so `hits` are from this device. */
  status: 'idle' | 'waiting' | 'done' | 'away' | 'failed';
  /** With `failed`. */
  error: string | null;
  hits: readonly SearchHit[];
  /** Of which query `hits` are; null before the first answer. */
  answered: string | null;
  /** There are more hits. */
  more: boolean;
  loadingMore: boolean;
  problems: readonly SearchProblem[];
  /** The last word is still being written: what is wrong with it is not said yet. */
  typing: boolean;
  fuzzy: boolean;
  reach: SearchReach | null;
  facets: SearchFacets | null;
  /** Of the same query without its dates, for the histogram. */
  months: SearchFacets['months'];
  /** `hitKey` the chosen hit. */
  selected: string | null;
  grouped: boolean;
}

const START: SearchState = {
  draft: EMPTY,
  status: 'idle',
  error: null,
  hits: [],
  answered: null,
  more: false,
  loadingMore: false,
  problems: [],
  typing: false,
  fuzzy: false,
  reach: null,
  facets: null,
  months: [],
  selected: null,
  grouped: false,
};

/**
 * The state of one search. It outlives the page that shows it, so that Back restores everything. The device answers
 * first from its own data; the server's pages are merged in, in the same order (mergeHits).
 */
export class SearchSession {
  #state = START;
  #run = 0;
  #next: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** What the device and the server have answered to this query. */
  #device: LocalFound['hits'] = [];
  #deviceAnswered: Promise<void> = Promise.resolve();
  #served: readonly SearchHit[] = [];
  /** With which page of the server a hit has come. */
  readonly #pages = new WeakMap<SearchHit, number>();
  readonly #listeners = new Set<() => void>();
  /** Where the list was scrolled to, in px: for the way back. */
  scroll = 0;

  constructor(
    readonly engine: Engine,
    readonly local: LocalSearch,
  ) {}

  readonly getState = (): SearchState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #set(change: Partial<SearchState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }

  get text(): string {
    return draftText(this.#state.draft);
  }

  /** `typing`: the last word is still being written. */
  setDraft(draft: Draft, typing: boolean): void {
    this.local.warm();
    const before = this.text;
    this.#set({ draft, typing });
    if (this.text !== before || this.#state.status === 'failed') this.#search(typing);
  }

  /** 0 for the first page of the server; what only the device has found comes after all of them. */
  readonly pageOf = (hit: SearchHit): number => this.#pages.get(hit) ?? Number.POSITIVE_INFINITY;

  #onPage(hits: readonly SearchHit[], page: number): readonly SearchHit[] {
    for (const hit of hits) this.#pages.set(hit, page);
    return hits;
  }

  select(selected: string | null): void {
    if (selected !== this.#state.selected) this.#set({ selected });
  }

  setGrouped(grouped: boolean): void {
    this.scroll = 0;
    this.#set({ grouped });
  }

  /** The query stands as it is. */
  settle(): void {
    if (!this.#state.typing) return;
    this.#set({ typing: false });
    this.#search(false);
  }

  retry(): void {
    this.#search(false);
  }

  #search(typing: boolean): void {
    const { text } = this;
    const run = ++this.#run;
    clearTimeout(this.#timer);
    const parsed = parseSearch(text, { typing, names: namesIn(this.engine.getState()) });
    if (parsed.query.clauses.length === 0) {
      this.#next = null;
      const { draft, grouped } = this.#state;
      this.#set({ ...START, draft, grouped, typing, problems: parsed.problems });
      return;
    }
    this.scroll = 0;
    this.#device = [];
    this.#served = [];
    this.#set({
      status: 'waiting',
      error: null,
      problems: parsed.problems,
      selected: null,
      loadingMore: false,
    });
    this.#deviceAnswered = new Promise((answered) => {
      void this.local.search(parsed.query, (found) => {
        this.#takeLocal(run, text, found);
        if (found.done || found.hits.length > 0) answered();
      });
    });
    this.#timer = setTimeout(() => void this.#askServer(run, text, typing), typing ? TYPING_MS : 0);
  }

  #takeLocal(run: number, text: string, { hits, done }: LocalFound): void {
    if (run !== this.#run) return;
    this.#device = hits;
    const { status, answered } = this.#state;
    if (status === 'failed') return;
    if (status === 'done') {
      this.#set({ hits: this.#merged() });
      return;
    }
    // Earlier hits stay until there are new ones.
    if (hits.length === 0 && (status === 'waiting' || !(done || answered === text))) return;
    this.#set({ hits, answered: text, more: false, fuzzy: false, reach: null });
  }

  /** Merge only if the server's order is by time and it did not allow typos, which the device does not. */
  #merged(fuzzy = this.#state.fuzzy): readonly SearchHit[] {
    const inTime = this.#state.draft.sort !== 'best' && !fuzzy;
    return this.#next !== null && inTime ? mergeHits(this.#served, this.#device) : this.#served;
  }

  async #askServer(run: number, text: string, typing: boolean): Promise<void> {
    const dated = this.#state.draft.chips.some((clause) => clause.kind === 'date');
    try {
      const [page, months] = await Promise.all([
        this.#page(text, typing, null, true),
        dated ? this.#allMonths(typing) : null,
      ]);
      if (run !== this.#run) return;
      this.#take(text, page, months);
    } catch (error) {
      if (run === this.#run) await this.#missed(run, text, errorOf(error).code);
    }
  }

  #take(text: string, page: SearchPage, months: SearchFacets['months'] | null): void {
    this.#next = page.next;
    this.#served = this.#onPage(page.hits, 0);
    this.#set({
      status: 'done',
      hits: this.#merged(page.forgiven),
      answered: text,
      more: page.next !== null,
      problems: page.problems,
      fuzzy: page.forgiven,
      reach: page.reach,
      facets: page.facets,
      months: months ?? page.facets?.months ?? [],
    });
  }

  async #missed(run: number, text: string, code: string): Promise<void> {
    if (code !== 'unavailable' && code !== 'internal')
      return this.#set({
        status: 'failed',
        error: code,
        hits: [],
        answered: text,
        more: false,
        facets: null,
      });
    await this.#deviceAnswered;
    if (run !== this.#run) return;
    this.#next = null;
    this.#set({
      status: 'away',
      hits: this.#device,
      answered: text,
      more: false,
      fuzzy: false,
      reach: null,
      facets: null,
    });
  }

  /** The page after what is shown. */
  async more(): Promise<void> {
    const { loadingMore } = this.#state;
    if (this.#next === null || loadingMore) return;
    const run = this.#run;
    this.#set({ loadingMore: true });
    try {
      const page = await this.#page(this.text, false, this.#next, false);
      if (run !== this.#run) return;
      const known = new Set(this.#served.map(({ message }) => hitKey(message)));
      const last = this.#served.at(-1);
      this.#next = page.next;
      const fresh = page.hits.filter(({ message }) => !known.has(hitKey(message)));
      this.#served = [...this.#served, ...this.#onPage(fresh, last ? this.pageOf(last) + 1 : 0)];
      this.#set({ hits: this.#merged(), more: page.next !== null });
    } catch {
      // The end of the list stays where it is, and asks again when it is reached again.
    } finally {
      if (run === this.#run) this.#set({ loadingMore: false });
    }
  }

  /** Something has changed, or one comes back: asks again for what is shown, without taking anything away meanwhile. */
  async refresh(): Promise<void> {
    const { status } = this.#state;
    if (status === 'away') return this.retry();
    if (status !== 'done') return;
    const run = this.#run;
    const { text } = this;
    try {
      const shown = this.#served.length;
      let page = await this.#page(text, false, null, true);
      const all = [...this.#onPage(page.hits, 0)];
      let n = 0;
      while (page.next && all.length < Math.min(shown, MAX_REFRESHED)) {
        page = { ...(await this.#page(text, false, page.next, false)), facets: page.facets };
        all.push(...this.#onPage(page.hits, ++n));
      }
      if (run !== this.#run || this.#state.loadingMore) return;
      this.#next = page.next;
      this.#served = all;
      this.#set({ hits: this.#merged(), more: page.next !== null, facets: page.facets });
    } catch {
      // Keep the shown hits, which were correct a moment ago.
    }
  }

  async #page(text: string, typing: boolean, cursor: string | null, facets: boolean): Promise<SearchPage> {
    const ask = { text, typing, timeZone: timeZone(), limit: PAGE, facets };
    const page = await api.search.messages.query(cursor ? { ...ask, cursor } : ask);
    this.engine.applyPeople(page.people);
    if (page.facets) this.engine.applyPeople(page.facets.persons);
    return page;
  }

  async #allMonths(typing: boolean): Promise<SearchFacets['months'] | null> {
    const { draft } = this.#state;
    const text = draftText({ ...draft, chips: draft.chips.filter((clause) => clause.kind !== 'date') });
    if (text === '') return null;
    return (await api.search.facets.query({ text, typing, timeZone: timeZone() })).months;
  }
}
