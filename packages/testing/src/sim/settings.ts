import type { InboxEntry } from '@lockstep/protocol';
import type { PersonalChange } from '@lockstep/sync';
import { must } from './violation.ts';

/** From the change of a setting to where it is on disk, in ms at most. */
const DISK_MS = 1_000;

/** Settings that nothing but their person changes, as the server has them. */
const VALUES = {
  mutedUntil: ({ mutedUntil }: InboxEntry) => mutedUntil,
  pinned: ({ pinnedAt }: InboxEntry) => pinnedAt !== null,
};
const FIELDS = Object.keys(VALUES) as (keyof typeof VALUES)[];

interface Asked {
  conversationId: string;
  field: keyof typeof VALUES;
  /** Those in which it was changed; of several nobody knows which the server heard last. */
  tabs: Set<string>;
  value: unknown;
  /** By the clock of the simulation, in ms. */
  at: number;
}

/** What one person has set, on any device: where it was in one tab only, the last of it stands (rule 13). */
export class Settings {
  readonly #asked = new Map<string, Asked>();

  ask(tab: string, conversationId: string, change: PersonalChange, at: number): void {
    for (const field of FIELDS) {
      if (!(field in change)) continue;
      const key = `${conversationId} ${field}`;
      const tabs = this.#asked.get(key)?.tabs ?? new Set();
      this.#asked.set(key, { conversationId, field, tabs: tabs.add(tab), value: change[field], at });
    }
  }

  /** A tab is gone: of what was not on disk yet nothing is promised, of a private window nothing at all. */
  forgotten(tab: string, now: number, isPrivate: boolean): void {
    for (const one of this.#asked.values())
      if (one.tabs.has(tab) && (isPrivate || now - one.at < DISK_MS)) one.tabs.add('gone');
  }

  check(
    name: string,
    entryOf: (conversationId: string) => InboxEntry | undefined,
    left: (conversationId: string) => boolean,
  ): void {
    for (const { conversationId, field, tabs, value } of this.#asked.values()) {
      const entry = entryOf(conversationId);
      if (!entry || tabs.size > 1 || left(conversationId)) continue;
      const is = VALUES[field](entry);
      must(is === value, 13, 'setting-lost', () => {
        return `${name}: ${field} of ${conversationId} is ${is}, it was set to ${value} at last`;
      });
    }
  }
}
