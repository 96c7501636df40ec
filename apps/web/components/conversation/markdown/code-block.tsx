'use client';

import { Check, Copy } from 'lucide-react';
import { type ReactNode, useEffect, useReducer } from 'react';
import { useTranslations } from '../../../i18n/use-translations.ts';
import { breakable } from '../../../lib/breakable.tsx';
import type { Run } from './highlight.ts';
import { highlighter } from './highlighter.ts';
import { useCopy } from './use-copy.ts';

/** Code that only passes by, as in a long scroll, is not coloured: it would be drawn twice for nothing. In ms. */
const COLOUR_AFTER_MS = 100;

/** The colours of a code, once they are known: they come from a worker, and never change sizes. */
const useRuns = (code: string, language: string | undefined): readonly Run[] | null => {
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  useEffect(() => {
    if (language === undefined) return;
    if (highlighter().runsOf(code, language) !== undefined) return;
    let live = true;
    const show = () => {
      if (live) redraw();
    };
    const timer = setTimeout(() => {
      // Another block of the same code may have asked meanwhile.
      if (highlighter().runsOf(code, language, show) !== undefined) show();
    }, COLOUR_AFTER_MS);
    return () => {
      live = false;
      clearTimeout(timer);
    };
  }, [code, language]);
  if (language === undefined || typeof window === 'undefined') return null;
  return highlighter().runsOf(code, language) ?? null;
};

const coloured = (code: string, runs: readonly Run[]): ReactNode[] => {
  let at = 0;
  return runs.map(([length, className]) => {
    const from = at;
    at += length;
    const text = code.slice(from, at);
    return className ? (
      <span key={from} className={className}>
        {text}
      </span>
    ) : (
      text
    );
  });
};

export const CodeBlock = ({ code, language }: { code: string; language: string | undefined }) => {
  const t = useTranslations('conversation.code');
  const { copied, copy } = useCopy();
  const runs = useRuns(code, language);
  const label = copied ? t('copied') : t('copy');
  return (
    <div className="md-code group/code">
      <div className="md-code-bar">
        <span>{language ?? t('text')}</span>
        <button type="button" onClick={() => copy(code)} aria-label={label} title={label}>
          {copied ? <Check aria-hidden className="size-3.5" /> : <Copy aria-hidden className="size-3.5" />}
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
      <pre tabIndex={0}>
        <code>{runs ? coloured(code, runs) : breakable(code)}</code>
      </pre>
    </div>
  );
};
