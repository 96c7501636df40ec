'use client';

import type { ReactNode } from 'react';
import { AppLink } from '@/components/ui/app-link.tsx';
import { cn } from '@/lib/cn.ts';
import type { Excerpt } from '@/lib/search/excerpt.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Marked } from './marked.tsx';

interface ResultRowProps {
  /** Of the element, for `aria-activedescendant`. */
  id: string;
  href: string;
  sender: { id: string; name: string };
  /** Where it was said; left out where a heading says so. */
  conversation?: ReactNode;
  /** When, as it is shown and in ms. */
  time: { text: string; at: number };
  excerpt: Excerpt;
  /** Behind the name, such as a mark that it was edited. */
  note?: ReactNode;
  selected: boolean;
  onSelect?: () => void;
  /** Instead of following the link; with modifiers the browser follows it. */
  onOpen?: () => void;
}

/** One message that was found: who, where and when above, the text with its marks below. */
export function ResultRow(props: ResultRowProps) {
  const { id, href, sender, conversation, time, excerpt, note, selected, onSelect, onOpen } = props;
  return (
    <AppLink
      id={id}
      href={href}
      role="option"
      aria-selected={selected}
      tabIndex={-1}
      draggable={false}
      data-testid="search-hit"
      onMouseMove={() => !selected && onSelect?.()}
      onClick={(event) => {
        if (!onOpen || event.button !== 0) return;
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        onOpen();
      }}
      className={cn(
        'flex gap-3 rounded-md px-3 py-2.5 transition-colors',
        selected ? 'bg-hover outline-2 outline-accent-ink -outline-offset-2' : 'active:bg-pressed',
      )}
    >
      <Avatar id={sender.id} name={sender.name} size="md" className="mt-0.5" />
      <span className="min-w-0 flex-1">
        <span className="flex items-baseline gap-2">
          <span className="max-w-[50%] shrink-0 truncate font-semibold text-base" dir="auto">
            {sender.name}
          </span>
          {note}
          {conversation && <span className="min-w-0 truncate text-ink-subtle text-sm">{conversation}</span>}
          <time
            dateTime={new Date(time.at).toISOString()}
            className="ml-auto shrink-0 pl-2 text-ink-subtle text-xs tabular-nums"
          >
            {time.text}
          </time>
        </span>
        <span
          className="mt-0.5 line-clamp-3 block text-ink-muted text-md leading-5.5 [overflow-wrap:anywhere]"
          dir="auto"
        >
          <Marked {...excerpt} />
        </span>
      </span>
    </AppLink>
  );
}
