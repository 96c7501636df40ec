import { type ErrorCode, LIMITS, type SavedSearch } from '@lockstep/protocol';
import { api } from '../api.ts';
import { errorOf } from '../error-of.ts';
import type { Engine } from '../sync/index.ts';

/** A change that the server does not have yet. */
type Change =
  | { do: 'note' | 'unsave'; text: string }
  | { do: 'forget'; text?: string | undefined }
  | { do: 'save'; text: string; name: string | null };
type Pending = Change & { id: string; at: number };

/** Below `lockstep.`, so that it goes with the account (lib/account.ts). */
const KEY = 'lockstep.searches';

interface Kept {
  userId: string;
  /** As the server last said. */
  searches: readonly SavedSearch[];
  pending: readonly Pending[];
}

export interface Remembered {
  /** The last used first. */
  recent: readonly SavedSearch[];
  /** In the order in which they were saved. */
  saved: readonly SavedSearch[];
}

/**
 * What this person has searched for and keeps, on all their devices. A change shows at once and is sent when the server
 * can be reached; the tab that leads sends for all tabs of the browser, and what the server says replaces the rest.
 */
export class RememberedSearches {
  #kept: Kept;
  #shown: Remembered;
  #busy = false;
  #again = false;
  readonly #listeners = new Set<() => void>();

  constructor(
    readonly engine: Engine,
    readonly server: Server = rememberedBy,
    /** The server has refused a change: it is taken back. */
    readonly onRefused: (change: Change, code: ErrorCode) => void = () => {},
  ) {
    this.#kept = this.#read() ?? { userId: engine.getState().me.userId, searches: [], pending: [] };
    this.#shown = shownOf(this.#kept);
  }

  readonly getState = (): Remembered => this.#shown;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Follows the server and the other tabs until the returned function is called. */
  start(): () => void {
    const seen = () => {
      const { connection, leader, searches } = this.engine.getState();
      return `${connection === 'online'} ${leader} ${searches}`;
    };
    let before = seen();
    const stop = this.engine.subscribe(() => {
      const now = seen();
      if (now === before) return;
      before = now;
      void this.refresh();
    });
    const onStorage = ({ key }: StorageEvent) => {
      const kept = key === KEY ? this.#read() : null;
      if (!kept) return;
      this.#show(kept);
      if (kept.pending.length > 0) void this.refresh();
    };
    window.addEventListener('storage', onStorage);
    void this.refresh();
    return () => {
      stop();
      window.removeEventListener('storage', onStorage);
    };
  }

  change(change: Change): void {
    const pending = { ...change, id: crypto.getRandomValues(new Uint32Array(2)).join('-'), at: Date.now() };
    this.#write((kept) => ({ ...kept, pending: [...kept.pending, pending] }));
    void this.refresh();
  }

  /** Sends what is pending and asks for the rest; one such round at a time. Never rejects. */
  async refresh(): Promise<void> {
    this.#again = true;
    if (this.#busy) return;
    this.#busy = true;
    try {
      while (this.#again) {
        this.#again = false;
        await this.#round();
      }
    } finally {
      this.#busy = false;
    }
  }

  async #round(): Promise<void> {
    const { connection, leader, storage } = this.engine.getState();
    if (connection === 'ended') return;
    try {
      if (leader || storage === 'memory') await this.#sendAll();
      const searches = await this.server.list();
      this.#write((kept) => ({ ...kept, searches }));
    } catch {
      // Tried again when the connection is back; until then it stays as it is.
    }
  }

  /** One after the other; what the server refuses is dropped. Rejects where it may be taken another time. */
  async #sendAll(): Promise<void> {
    for (let [next] = this.#kept.pending; next; [next] = this.#kept.pending) {
      const change = next;
      const searches = await this.server.change(change).catch((error) => {
        const { code } = errorOf(error);
        if (PASSING.has(code)) throw error;
        this.onRefused(change, code);
        return null;
      });
      this.#write((kept) => ({
        ...kept,
        searches: searches ?? kept.searches,
        pending: kept.pending.filter(({ id }) => id !== change.id),
      }));
    }
  }

  /** What all tabs have; null without storage, or when it is somebody else's. */
  #read(): Kept | null {
    try {
      const kept = JSON.parse(localStorage.getItem(KEY) ?? 'null') as Kept | null;
      return kept?.userId === this.engine.getState().me.userId ? kept : null;
    } catch {
      return null;
    }
  }

  #write(change: (kept: Kept) => Kept): void {
    if (this.engine.getState().connection === 'ended') return;
    const kept = change(this.#read() ?? this.#kept);
    try {
      localStorage.setItem(KEY, JSON.stringify(kept));
    } catch {
      // Forbidden or full: they last as long as the page.
    }
    this.#show(kept);
  }

  #show(kept: Kept): void {
    this.#kept = kept;
    this.#shown = shownOf(kept);
    for (const listener of this.#listeners) listener();
  }
}

/** The server may take it another time. */
const PASSING = new Set(['unavailable', 'rate_limited', 'unauthenticated']);

interface Server {
  list(): Promise<SavedSearch[]>;
  change(change: Change): Promise<SavedSearch[]>;
}

const rememberedBy: Server = {
  list: () => api.searches.list.query(),
  change: (change) => {
    switch (change.do) {
      case 'note':
        return api.searches.note.mutate({ text: change.text });
      case 'forget':
        return api.searches.forget.mutate(change.text === undefined ? {} : { text: change.text });
      case 'save':
        return api.searches.save.mutate({ text: change.text, name: change.name });
      case 'unsave':
        return api.searches.unsave.mutate({ text: change.text });
    }
  },
};

/** As the server will have it: packages/db/src/people/saved-searches.ts does the same. */
const shownOf = ({ searches, pending }: Kept): Remembered => {
  const all = new Map(searches.map((one) => [one.text, one]));
  const put = (text: string, change: Partial<SavedSearch>) =>
    all.set(text, { ...(all.get(text) ?? { text, name: null, usedAt: null, savedAt: null }), ...change });
  for (const change of pending) {
    if (change.do === 'note') put(change.text, { usedAt: change.at });
    else if (change.do === 'save')
      put(change.text, { name: change.name, savedAt: all.get(change.text)?.savedAt ?? change.at });
    else if (change.do === 'unsave') put(change.text, { name: null, savedAt: null });
    else
      for (const text of change.text === undefined ? [...all.keys()] : [change.text])
        put(text, { usedAt: null });
  }
  const by = (key: 'usedAt' | 'savedAt') =>
    [...all.values()].filter((one) => one[key] !== null).sort((a, b) => (b[key] ?? 0) - (a[key] ?? 0));
  return { recent: by('usedAt').slice(0, LIMITS.recentSearches), saved: by('savedAt').reverse() };
};
