'use client';

import { Check, Copy } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type ReactNode, useEffect, useState } from 'react';
import type { Piece } from './highlight.ts';
import { useCopy } from './use-copy.ts';

type Highlight = (code: string, language: string) => Piece[];
let highlight: Highlight | null = null;

/** The highlighter is large, so it is fetched with the first block that names a language. Colours never change sizes. */
const useHighlight = (wanted: boolean): Highlight | null => {
  const [ready, setReady] = useState(highlight !== null);
  useEffect(() => {
    if (!wanted || ready) return;
    let live = true;
    import('./highlight.ts')
      .then((module) => {
        highlight = module.highlight;
        if (live) setReady(true);
      })
      .catch(() => {}); // Offline: the code stays without colours.
    return () => {
      live = false;
    };
  }, [wanted, ready]);
  return ready ? highlight : null;
};

const toNodes = (pieces: readonly Piece[]): ReactNode[] =>
  pieces.map((piece, index) =>
    typeof piece === 'string' ? (
      piece
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text never move.
      <span key={index} className={piece.className}>
        {toNodes(piece.pieces)}
      </span>
    ),
  );

/** Longer code is not coloured: it would hold up scrolling. In UTF-16 units. */
const COLOUR_UP_TO = 6_000;

export const CodeBlock = ({ code, language }: { code: string; language: string | undefined }) => {
  const t = useTranslations('conversation.code');
  const { copied, copy } = useCopy();
  const colour = useHighlight(language !== undefined && code.length <= COLOUR_UP_TO);
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
        <code>{colour && language ? toNodes(colour(code, language)) : code}</code>
      </pre>
    </div>
  );
};
