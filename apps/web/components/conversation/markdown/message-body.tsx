'use client';

import { memo, useLayoutEffect, useRef, useState } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { cn } from '@/lib/cn.ts';
import { parsed } from './parsed.tsx';
import { isEmojiOnly } from './plain.ts';

/** Lines that a folded message shows; the height in CSS (.md-folded) is this many lines. */
const FOLD_LINES = 24;
/** A guess that errs on the side of folding: what turns out to fit is unfolded before it is painted. */
const mayBeLong = (body: string): boolean =>
  body.length > FOLD_LINES * 34 || body.split('\n', FOLD_LINES + 1).length > FOLD_LINES - 4;

/** Unfolded messages stay so when they scroll out of view and back. */
const unfolded = new Set<string>();

interface MessageBodyProps {
  /** Stable, for remembering whether it is unfolded. */
  id: string;
  body: string;
  /** The mark "edited" follows it: where it is one paragraph, on the same line. */
  edited: boolean;
}

export const MessageBody = memo(function MessageBody({ id, body, edited }: MessageBodyProps) {
  const t = useTranslations('conversation.message');
  const content = useRef<HTMLDivElement>(null);
  const long = mayBeLong(body);
  const [state, setState] = useState<'open' | 'folded' | 'fits'>(
    !long ? 'fits' : unfolded.has(id) ? 'open' : 'folded',
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: measure again when the text has been edited.
  useLayoutEffect(() => {
    if (!long) return setState('fits');
    const element = content.current;
    if (!element || unfolded.has(id)) return;
    const lines = element.scrollHeight / Number.parseFloat(getComputedStyle(element).lineHeight);
    setState(lines > FOLD_LINES + 2 ? 'folded' : 'fits');
  }, [body, long, id]);

  const toggle = () => {
    if (state === 'folded') unfolded.add(id);
    else unfolded.delete(id);
    setState(state === 'folded' ? 'open' : 'folded');
  };
  const emoji = isEmojiOnly(body);
  return (
    <>
      <div
        ref={content}
        className={cn('md', emoji && 'md-emoji', state === 'folded' && 'md-folded', edited && 'md-edited')}
        data-testid="message-body"
      >
        {parsed(body)}
      </div>
      {state !== 'fits' && (
        <button
          type="button"
          onClick={toggle}
          aria-expanded={state === 'open'}
          className="mt-1 rounded-sm text-sm font-medium text-accent-ink hover:underline"
        >
          {state === 'folded' ? t('showMore') : t('showLess')}
        </button>
      )}
    </>
  );
});
