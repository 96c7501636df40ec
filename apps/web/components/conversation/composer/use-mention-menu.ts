'use client';

import { type KeyboardEvent, type RefObject, useCallback, useId, useMemo, useState } from 'react';
import { type Candidate, candidatesFor, type MarkedText, queryAt } from './mention-text.ts';
import { useMentionPeople } from './use-mention-people.ts';

const SHOWN = 8;
const NONE: readonly Candidate[] = [];

export interface MentionMenu {
  /** Empty while it is closed. */
  people: readonly Candidate[];
  index: number;
  listId: string;
  optionId(index: number): string;
  hover(index: number): void;
  pick(person: Candidate): void;
  /** Looks at what stands before the caret, after each edit and move of it. */
  update(shown: MarkedText): void;
  /** Whether the key was for the menu. */
  onKeyDown(event: KeyboardEvent): boolean;
  close(): void;
}

/** Completes `@nam`: the arrows choose, Enter and Tab take, Escape closes. */
export const useMentionMenu = (
  field: RefObject<HTMLTextAreaElement | null>,
  onPick: (person: Candidate, from: number, to: number) => void,
): MentionMenu => {
  const listId = useId();
  const [at, setAt] = useState<{ start: number; query: string } | null>(null);
  const [closedAt, setClosedAt] = useState<number | null>(null);
  const [chosen, setChosen] = useState(0);
  const open = at !== null && at.start !== closedAt;
  const query = open ? at.query : null;
  const everybody = useMentionPeople(query);
  const people = useMemo(
    () => (query === null ? NONE : candidatesFor(everybody, query, SHOWN)),
    [everybody, query],
  );
  const index = Math.min(chosen, Math.max(0, people.length - 1));

  const update = useCallback(
    (shown: MarkedText) => {
      const element = field.current;
      const caret = element?.selectionEnd ?? 0;
      const next = element && element.selectionStart === caret ? queryAt(shown, caret) : null;
      setAt((was) => (was?.start === next?.start && was?.query === next?.query ? was : next));
      if (next === null) setClosedAt(null);
      setChosen((was) => (next === null ? 0 : was));
    },
    [field],
  );
  const close = useCallback(() => setAt(null), []);
  const pick = (person: Candidate) => {
    if (!at) return;
    const to = at.start + 1 + at.query.length;
    setAt(null);
    onPick(person, at.start, to);
  };

  const onKeyDown = (event: KeyboardEvent): boolean => {
    const person = people[index];
    if (!at || !person || event.ctrlKey || event.metaKey || event.altKey) return false;
    const count = people.length;
    if (event.key === 'ArrowDown') setChosen((index + 1) % count);
    else if (event.key === 'ArrowUp') setChosen((index + count - 1) % count);
    else if ((event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey) pick(person);
    else if (event.key === 'Escape') setClosedAt(at.start);
    else return false;
    event.preventDefault();
    return true;
  };

  return {
    people,
    index,
    listId,
    optionId: (i) => `${listId}-${i}`,
    hover: setChosen,
    pick,
    update,
    onKeyDown,
    close,
  };
};
