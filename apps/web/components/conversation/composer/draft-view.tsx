'use client';

import { readingOf } from '@lockstep/protocol/markup';
import { useDeferredValue, useMemo } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { renderMarkdown } from '../markdown/markdown.tsx';
import { PEOPLE } from '../markdown/parsed.tsx';

/** Longer texts are not shown twice. In UTF-16 units. */
const MAX_LENGTH = 4_000;

/** Under the composer: how the text will be shown, while that differs from how it is written. After the keys, not with them. */
export const DraftView = ({ body }: { body: string }) => {
  const t = useTranslations('conversation.composer');
  const text = useDeferredValue(body);
  const view = useMemo(() => {
    if (text.length > MAX_LENGTH || readingOf(text).text === text) return null;
    return renderMarkdown(text, PEOPLE);
  }, [text]);
  if (view === null) return null;
  return (
    <section
      aria-label={t('preview')}
      data-testid="draft-view"
      className="md md-preview scroll-quiet mx-1 mt-1.5 max-h-24 short:hidden overflow-y-auto border-line border-l-2 pl-2.5 max-md:max-h-14"
    >
      {view}
    </section>
  );
};
