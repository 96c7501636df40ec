'use client';

import { useLocale } from 'next-intl';
import { LOCALE_NAMES, setLocale } from '@/i18n/language.ts';
import { useTranslations } from '@/i18n/use-translations.ts';
import { languageOf } from '@/lib/region.ts';

export function LanguageSwitch() {
  const t = useTranslations('auth');
  const locale = languageOf(useLocale());
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset for two buttons would be announced as a form
    <div role="group" aria-label={t('language')} className="-mx-2 flex">
      {Object.entries(LOCALE_NAMES).map(([value, name]) => (
        <button
          key={value}
          type="button"
          lang={value}
          aria-pressed={value === locale}
          onClick={() => value !== locale && setLocale(value)}
          className="h-8 rounded-sm px-2 text-ink-subtle text-sm hover:text-ink aria-pressed:font-medium aria-pressed:text-ink max-md:h-11"
        >
          {name}
        </button>
      ))}
    </div>
  );
}
