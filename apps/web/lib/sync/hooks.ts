'use client';

import type { InboxEntry, Person } from '@lockstep/protocol';
import {
  activeAt,
  type Command,
  type Connection,
  changesOf,
  type MessageChange,
  type OutboxItem,
  type RememberedSearches,
  type SyncState,
  type TimelineState,
  withChanges,
} from '@lockstep/sync';
import { useEffect, useMemo, useRef, useSyncExternalStore } from 'react';
import { useEngine } from './provider.tsx';

/** Part of the state; renders again only when `isEqual` says that the selection changed. */
export const useSync = <T>(
  selector: (state: SyncState) => T,
  isEqual: (a: T, b: T) => boolean = Object.is,
): T => {
  const engine = useEngine();
  const held = useRef<{ state: SyncState; selector: unknown; value: T } | null>(null);
  const select = () => {
    const state = engine.getState();
    const last = held.current;
    if (last?.state === state && last.selector === selector) return last.value;
    const next = selector(state);
    const value = last && isEqual(last.value, next) ? last.value : next;
    held.current = { state, selector, value };
    return value;
  };
  return useSyncExternalStore(engine.subscribe, select, select);
};

/** For selectors that make a new array of old elements. */
export const sameElements = <T>(a: readonly T[], b: readonly T[]): boolean =>
  a.length === b.length && a.every((element, i) => element === b[i]);

export const useConnection = (): Connection => useSync((state) => state.connection);

/** What this person said or changed and the server does not have: on its way, or refused. */
export const unsentOf = ({ commands }: SyncState): Unsent[] =>
  [...commands.values()].filter((command): command is Unsent => UNSENT.has(command.name));

type Unsent = Extract<Command, { name: 'send' | 'edit' | 'recall' }>;
const UNSENT = new Set<Command['name']>(['send', 'edit', 'recall']);

/** Edits and recalls of one conversation that the server does not have yet, or has refused; in their order. */
export const useMessageChanges = (conversationId: string): readonly MessageChange[] =>
  useSync((state) => changesOf(state, conversationId));

/** As its person sees it, with what they have changed. Undefined until it is opened (`engine.open`). */
export const useTimeline = (conversationId: string): TimelineState | undefined => {
  const timeline = useSync((state) => state.timelines.get(conversationId));
  const changes = useMessageChanges(conversationId);
  return useMemo(() => {
    if (!timeline || changes.length === 0) return timeline;
    return { ...timeline, messages: timeline.messages.map((message) => withChanges(message, changes)) };
  }, [timeline, changes]);
};

export const useRemembered = (): RememberedSearches => useSync((state) => state.searches);

/** The latest first; equal times in the order of their ids, so that no two devices differ. */
export const useInbox = (): readonly InboxEntry[] => {
  const inbox = useSync((state) => state.inbox);
  return useMemo(
    () =>
      [...inbox.values()].sort(
        (a, b) => activeAt(b) - activeAt(a) || (a.conversation.id < b.conversation.id ? -1 : 1),
      ),
    [inbox],
  );
};

/** Messages of one conversation on their way, in the order of sending. */
export const useOutbox = (conversationId: string): readonly OutboxItem[] =>
  useSync(
    (state) => state.outbox.filter((item) => item.conversationId === conversationId),
    sameElements as (a: readonly OutboxItem[], b: readonly OutboxItem[]) => boolean,
  );

/** Asks for the person when they are not known; undefined until then. */
export const usePerson = (userId: string | null | undefined): Person | undefined => {
  const engine = useEngine();
  useEffect(() => {
    if (userId) engine.needPeople([userId]);
  }, [engine, userId]);
  return useSync((state) => (userId ? state.people.get(userId) : undefined));
};

/** A person out of an answer, as this device knows them by now: of two states the one with the greater `rev` counts. */
export const useNewest = <T extends Person>(person: T): T | Person =>
  useSync(({ people }) => {
    const held = people.get(person.id);
    return held && held.rev > person.rev ? held : person;
  });
