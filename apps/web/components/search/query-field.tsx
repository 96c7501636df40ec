'use client';

import { formatClause, type SearchClause } from '@lockstep/protocol';
import { Search, X } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, type RefObject, useId, useState } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { cn } from '@/lib/cn.ts';
import { asText, type Draft, EMPTY, isNegatedText } from '@/lib/search/draft.ts';

export interface Suggestion {
  id: string;
  label: ReactNode;
  detail?: ReactNode;
  icon?: ReactNode;
  /** The query once it is chosen. */
  draft: Draft;
}

interface QueryFieldProps {
  inputRef: RefObject<HTMLInputElement | null>;
  draft: Draft;
  onDraft: (draft: Draft, typing: boolean) => void;
  /** A filter as people read it. */
  chipLabel: (clause: SearchClause) => string;
  suggestions: readonly Suggestion[];
  /** The first suggestion is chosen from the start; otherwise it takes an arrow. */
  eager: boolean;
  /** Keys that the field has no use for: arrows and Enter without suggestions, Escape. */
  onKey: (event: KeyboardEvent) => void;
  /** Of the chosen hit, for assistive technology. */
  activeId?: string | undefined;
  resultsId: string;
  /** What is searched, for assistive technology and while the field is empty. */
  label?: string;
  className?: string;
}

/** Filters as chips, words behind them, suggestions below. Backspace at the start takes the last chip away. */
export function QueryField(props: QueryFieldProps) {
  const { inputRef, draft, onDraft, chipLabel, suggestions, eager, onKey, activeId, resultsId } = props;
  const t = useTranslations('search');
  const label = props.label ?? t('placeholder');
  const id = useId();
  const [at, setAt] = useState<number | null>(null);
  const [closed, setClosed] = useState(false);
  const [typed, setTyped] = useState(false);
  const [focused, setFocused] = useState(false);
  // Beside a plain word only while it is typed: who comes with one looks at the results.
  const open = focused && !closed && suggestions.length > 0 && (eager || typed);
  const first = eager ? 0 : -1;
  const index = Math.min(at ?? first, suggestions.length - 1);

  const change = (next: Draft, typing: boolean) => {
    setAt(null);
    setClosed(false);
    setTyped(typing);
    onDraft(next, typing);
  };
  const pick = (suggestion: Suggestion | undefined) => {
    if (!suggestion) return;
    change(suggestion.draft, false);
    inputRef.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const { selectionStart, selectionEnd } = event.currentTarget;
    if (event.key === 'Backspace' && selectionStart === 0 && selectionEnd === 0 && draft.chips.length > 0)
      change({ ...draft, chips: draft.chips.slice(0, -1) }, false);
    else if (open && event.key === 'ArrowDown' && index + 1 < suggestions.length) setAt(index + 1);
    else if (open && eager && event.key === 'ArrowDown') setAt(0);
    else if (open && event.key === 'ArrowUp' && index > first) setAt(index - 1);
    else if (open && eager && event.key === 'ArrowUp') setAt(suggestions.length - 1);
    else if (open && index >= 0 && (event.key === 'Enter' || (event.key === 'Tab' && !event.shiftKey)))
      pick(suggestions[index]);
    else if (open && event.key === 'Escape') setClosed(true);
    else {
      // Past the last suggestion, or on to the results: they are no longer in the way.
      if (open && (event.key === 'ArrowDown' || event.key === 'Enter')) setClosed(true);
      return onKey(event);
    }
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div className="relative min-w-0 flex-1">
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: a click beside the chips goes to the field, as the keyboard does */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the field inside is the control */}
      <div
        onClick={() => inputRef.current?.focus()}
        className={cn(
          'flex min-h-10 cursor-text flex-wrap items-center gap-1.5 rounded-md bg-hover px-2.5 py-1 transition-[background-color,box-shadow] focus-within:bg-raised focus-within:ring-2 focus-within:ring-accent-ink max-md:min-h-11',
          props.className,
        )}
      >
        <Search aria-hidden className="size-4 shrink-0 text-ink-subtle" />
        {draft.chips.map((clause) => (
          <span
            key={formatClause(clause)}
            data-testid="search-chip"
            data-clause={formatClause(clause)}
            className="flex h-7 max-w-full items-center rounded-sm bg-accent-soft pl-2 font-medium text-accent-ink text-sm"
          >
            {isNegatedText(clause) ? (
              <button
                type="button"
                data-testid="search-chip-text"
                title={t('asWord', { text: clause.text })}
                aria-label={`${chipLabel(clause)}. ${t('asWord', { text: clause.text })}`}
                onClick={() => {
                  change(asText(draft, clause), false);
                  inputRef.current?.focus();
                }}
                className="h-full truncate rounded-sm hover:underline"
              >
                {chipLabel(clause)}
              </button>
            ) : (
              <span className="truncate">{chipLabel(clause)}</span>
            )}
            <button
              type="button"
              aria-label={t('remove', { filter: chipLabel(clause) })}
              onClick={() => {
                change({ ...draft, chips: draft.chips.filter((one) => one !== clause) }, false);
                inputRef.current?.focus();
              }}
              className="flex size-7 shrink-0 items-center justify-center rounded-sm opacity-70 hover:opacity-100"
            >
              <X aria-hidden className="size-3.5" />
            </button>
          </span>
        ))}
        <input
          ref={inputRef}
          data-testid="search-field"
          role="combobox"
          aria-label={label}
          aria-expanded={open}
          aria-controls={open ? `${id}-list` : resultsId}
          aria-activedescendant={open && suggestions[index] ? `${id}-${suggestions[index].id}` : activeId}
          aria-autocomplete="list"
          autoComplete="off"
          autoCorrect="off"
          spellCheck={false}
          enterKeyHint="search"
          maxLength={500}
          placeholder={draft.chips.length === 0 ? label : undefined}
          value={draft.words}
          onChange={(event) => change({ ...draft, words: event.target.value }, true)}
          onKeyDown={onKeyDown}
          onFocus={() => setFocused(true)}
          onBlur={() => {
            setFocused(false);
            setTyped(false);
          }}
          className="h-7 min-w-24 flex-1 bg-transparent text-field outline-none"
        />
        {(draft.words !== '' || draft.chips.length > 0) && (
          <button
            type="button"
            aria-label={t('clear')}
            onClick={() => {
              change(EMPTY, false);
              inputRef.current?.focus();
            }}
            className="flex size-7 items-center justify-center rounded-sm text-ink-subtle hover:text-ink"
          >
            <X aria-hidden className="size-4" />
          </button>
        )}
      </div>
      {open && (
        <div
          id={`${id}-list`}
          role="listbox"
          aria-label={t('suggestions')}
          className="scroll-quiet absolute inset-x-0 top-full z-30 mt-1.5 max-h-80 rounded-lg bg-raised p-1 shadow-overlay"
        >
          {suggestions.map((suggestion, i) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the combobox's
            <div
              key={suggestion.id}
              id={`${id}-${suggestion.id}`}
              role="option"
              tabIndex={-1}
              aria-selected={i === index}
              data-testid="search-suggestion"
              onMouseDown={(event) => event.preventDefault()}
              onMouseMove={() => i !== index && setAt(i)}
              onClick={() => pick(suggestion)}
              className={cn(
                'flex min-h-9 cursor-pointer items-center gap-2.5 rounded-sm px-2 text-base max-md:min-h-11',
                i === index && 'bg-hover',
              )}
            >
              {suggestion.icon}
              <span className="min-w-0 truncate">{suggestion.label}</span>
              {suggestion.detail && (
                <span className="ml-auto shrink-0 pl-2 text-ink-subtle text-sm">{suggestion.detail}</span>
              )}
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
