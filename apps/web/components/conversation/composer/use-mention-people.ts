'use client';

import type { Person } from '@lockstep/protocol';
import { useEffect, useMemo, useState } from 'react';
import { usePeopleSearch } from '@/components/people/use-people-search.ts';
import { api } from '@/lib/api.ts';
import { useEngine } from '@/lib/sync/index.ts';
import { useConversation } from '../context.tsx';
import type { Candidate } from './mention-text.ts';

/** Members are asked for again after this, in ms. */
const FRESH_MS = 60_000;
const PAGE = 100;

interface Known {
  at: number;
  people: readonly Person[];
}
const known = new Map<string, Known>();

/** The members that are known without asking, for a mention that was written and not chosen. */
export const knownMembers = (conversationId: string): readonly Person[] =>
  known.get(conversationId)?.people ?? [];

/** The first page of the members; null while unknown. */
const useMembers = (conversationId: string, active: boolean): readonly Person[] | null => {
  const [members, setMembers] = useState<readonly Person[] | null>(
    () => known.get(conversationId)?.people ?? null,
  );
  useEffect(() => {
    if (!active) return;
    const held = known.get(conversationId);
    if (held && Date.now() - held.at < FRESH_MS) return setMembers(held.people);
    let live = true;
    api.conversations.members.query({ conversationId, limit: PAGE }).then(
      (answer) => {
        const people = answer.members.map(({ person }) => person);
        known.set(conversationId, { at: Date.now(), people });
        if (live) setMembers(people);
      },
      () => {}, // offline: those the device knows have to do
    );
    return () => {
      live = false;
    };
  }, [conversationId, active]);
  return members;
};

/** Whom one may mention: the members, then people of the workspace who answer to the query. Never oneself, nor
 * who was deactivated. */
export const useMentionPeople = (query: string | null): readonly Candidate[] => {
  const engine = useEngine();
  const { entry, meId } = useConversation();
  const { id } = entry.conversation;
  // Of a conversation of one page all are known before a name is written; of a larger one, once a mention is begun.
  const members = useMembers(id, query !== null || entry.conversation.memberCount <= PAGE);
  const { people: others } = usePeopleSearch(query, { active: true });
  return useMemo(() => {
    if (query === null) return [];
    const found = new Map<string, Candidate>();
    const add = (person: Person, member: boolean) => {
      if (person.id !== meId && !person.deactivated && !found.has(person.id))
        found.set(person.id, { ...person, member });
    };
    for (const person of members ?? []) add(person, true);
    const nearby = members ? others : [...others, ...engine.getState().people.values()];
    for (const person of nearby) add(person, person.id === entry.peerId);
    return [...found.values()];
  }, [query, members, others, meId, engine, entry.peerId]);
};
