'use client';

import type { Person } from '@lockstep/protocol';
import { Check, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { cn } from '@/lib/cn.ts';
import { useMe } from '@/lib/me.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { fieldClass } from '../ui/input.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { PersonLabel } from './person-label.tsx';
import { usePeopleSearch } from './use-people-search.ts';

interface PeoplePickerProps {
  label: string;
  /** Chosen so far, shown as chips; leave out to choose just one. */
  chosen?: readonly Person[];
  onChosen?: (people: Person[]) => void;
  /** Instead of chips: what a choice does at once. */
  onPick?: (person: Person) => void;
  /** These cannot be chosen, and why. */
  isDisabled?: (person: Person) => string | null;
  /** Not offered at all. */
  isHidden?: (person: Person) => boolean;
  autoFocus?: boolean;
  disabled?: boolean;
}

/** Search-as-you-type over people: arrows and Enter choose, Backspace takes the last chip back. */
export function PeoplePicker(props: PeoplePickerProps) {
  const { label, chosen = [], onChosen, onPick, isDisabled, isHidden, autoFocus, disabled } = props;
  const t = useTranslations('shell');
  const errors = useTranslations('errors');
  const { me } = useMe();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const [query, setQuery] = useState('');
  const [highlighted, setHighlighted] = useState(0);
  const { people, answered, error } = usePeopleSearch(query, { active: true });
  const shown = people.filter((person) => !isHidden?.(person));
  const at = Math.min(highlighted, Math.max(0, shown.length - 1));

  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: 'nearest' });
  }, [at]);

  const pick = (person: Person) => {
    if (disabled || isDisabled?.(person)) return;
    if (onPick) return onPick(person);
    const rest = chosen.filter((each) => each.id !== person.id);
    onChosen?.(rest.length < chosen.length ? rest : [...chosen, person]);
    setQuery('');
    setHighlighted(0);
    input.current?.focus();
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setHighlighted(Math.min(shown.length - 1, at + 1));
    else if (event.key === 'ArrowUp') setHighlighted(Math.max(0, at - 1));
    else if (event.key === 'Enter') {
      const person = shown[at];
      // Not the answer to what was typed: Enter would choose somebody else.
      if (person && answered === query.trim()) pick(person);
    } else if (event.key === 'Backspace' && query === '' && chosen.length > 0)
      onChosen?.(chosen.slice(0, -1));
    else return;
    event.preventDefault();
  };

  return (
    <div className="flex min-h-0 flex-1 flex-col gap-2">
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: a click beside the chips goes to the field, as the keyboard does */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the field inside is the control */}
      <div
        onClick={(event) => event.target === event.currentTarget && input.current?.focus()}
        className={cn(
          fieldClass,
          'flex max-h-32 min-h-10 cursor-text flex-wrap items-center gap-1.5 overflow-y-auto px-2 py-1.5 focus-within:border-accent-ink focus-within:ring-3 focus-within:ring-accent-ink/20 max-md:min-h-11',
        )}
      >
        {chosen.map((person) => (
          <span
            key={person.id}
            className="flex h-7 max-w-full items-center gap-1.5 rounded-sm bg-accent-soft pr-0.5 pl-1 text-base"
          >
            <Avatar id={person.id} name={person.name} size="xs" />
            <span className="truncate">{person.name}</span>
            <button
              type="button"
              aria-label={t('remove', { name: person.name })}
              onClick={() => onChosen?.(chosen.filter((each) => each.id !== person.id))}
              className="flex size-6 shrink-0 items-center justify-center rounded-sm text-ink-muted hover:bg-pressed hover:text-ink max-md:size-8"
            >
              <X aria-hidden className="size-3.5" />
            </button>
          </span>
        ))}
        <input
          ref={input}
          data-autofocus={autoFocus || undefined}
          role="combobox"
          aria-label={label}
          aria-expanded
          aria-controls={`${id}-list`}
          aria-activedescendant={shown[at] ? `${id}-${shown[at].id}` : undefined}
          aria-autocomplete="list"
          autoComplete="off"
          autoCorrect="off"
          spellCheck={false}
          placeholder={chosen.length === 0 ? t('searchPeoplePlaceholder') : undefined}
          value={query}
          onChange={(event) => {
            setQuery(event.target.value);
            setHighlighted(0);
          }}
          onKeyDown={onKeyDown}
          className="h-7 min-w-24 flex-1 bg-transparent px-1 text-field outline-none"
        />
      </div>
      <div className="scroll-quiet -mx-2 min-h-48 flex-1 px-2 py-1 md:max-h-72">
        {answered === null && !error && <PickerSkeleton />}
        {error && <p className="px-2 py-6 text-center text-danger-ink text-sm">{errors(error)}</p>}
        {answered !== null && !error && shown.length === 0 && (
          <p className="break-words px-2 py-6 text-center text-ink-subtle text-sm">
            {answered ? t('peopleEmpty', { query: answered }) : t('peopleNone')}
          </p>
        )}
        {/* Only options: what else is said of the list stands before it. */}
        <div ref={list} id={`${id}-list`} role="listbox" aria-label={label} aria-multiselectable={!onPick}>
          {shown.map((person, index) => {
            const why = isDisabled?.(person) ?? null;
            const selected = chosen.some((each) => each.id === person.id);
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the combobox's
              <div
                key={person.id}
                id={`${id}-${person.id}`}
                role="option"
                tabIndex={-1}
                aria-selected={onPick ? index === at : selected}
                aria-disabled={why !== null || disabled || undefined}
                onClick={() => pick(person)}
                onMouseMove={() => index !== at && setHighlighted(index)}
                className={cn(
                  'flex min-h-11 cursor-pointer items-center gap-3 rounded-md px-2 py-1 aria-disabled:cursor-default aria-disabled:opacity-55',
                  index === at && 'bg-hover',
                )}
              >
                <PersonLabel person={person} me={person.id === me.id} note={why} />
                {selected && <Check aria-hidden className="size-4 shrink-0 text-accent-ink" />}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

const PickerSkeleton = () => (
  <div aria-hidden>
    {['w-32', 'w-24', 'w-40'].map((width) => (
      <div key={width} className="flex h-11 items-center gap-3 px-2">
        <Skeleton className="size-7" />
        <Skeleton className={`h-3 ${width}`} />
      </div>
    ))}
  </div>
);
