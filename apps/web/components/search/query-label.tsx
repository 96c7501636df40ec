'use client';

import { formatClause } from '@lockstep/protocol';
import { readDraft } from '@/lib/search/draft.ts';
import { useNames } from './use-names.ts';

/** A query as people read it: its filters in words, then what is searched for. */
export const useQueryText = (): ((text: string) => string) => {
  const { clauseLabel } = useNames();
  return (text) => {
    const { chips, words } = readDraft(text);
    return [...chips.map(clauseLabel), words].filter(Boolean).join(', ');
  };
};

export function QueryLabel({ text }: { text: string }) {
  const { clauseLabel } = useNames();
  const { chips, words } = readDraft(text);
  return (
    <span className="flex min-w-0 items-center gap-1.5">
      {chips.map((clause) => (
        <span
          key={formatClause(clause)}
          className="min-w-0 truncate rounded-sm bg-accent-soft px-1.5 py-px font-medium text-accent-ink text-sm"
        >
          {clauseLabel(clause)}
        </span>
      ))}
      {words && (
        <span className="min-w-0 truncate" dir="auto">
          {words}
        </span>
      )}
    </span>
  );
}
