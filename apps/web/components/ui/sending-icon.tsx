'use client';

import { Clock3 } from 'lucide-react';
import { useTranslations } from '@/i18n/use-translations.ts';

/** On its way: comes in a little later, as what is sent at once is not worth a sign. */
export function SendingIcon() {
  const t = useTranslations('conversation.message');
  return (
    <>
      <Clock3
        aria-hidden
        className="fade-in-0 size-3.5 shrink-0 animate-in text-ink-subtle delay-300 duration-200 fill-mode-both"
      />
      <span className="sr-only">{t('sending')}</span>
    </>
  );
}
