/** Languages of the interface, the first is the fallback. */
export const LOCALES = ['en', 'zh-CN'] as const;
export type Locale = (typeof LOCALES)[number];

/** Holds the language that the person chose; without it `Accept-Language` decides. */
export const LOCALE_COOKIE = 'locale';

export const isLocale = (value: unknown): value is Locale => LOCALES.includes(value as Locale);

/** The first language of an `Accept-Language` header that we speak. Any Chinese is served Simplified Chinese. */
export const matchLocale = (acceptLanguage: string | null): Locale => {
  const wanted = (acceptLanguage ?? '')
    .slice(0, 500)
    .split(',')
    .map((part) => {
      const [tag = '', ...params] = part.trim().split(';');
      const quality = params.map((param) => /^\s*q=([\d.]+)$/.exec(param)?.[1]).find(Boolean);
      return { language: tag.toLowerCase().split('-')[0], quality: quality ? Number(quality) : 1 };
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality);
  for (const { language } of wanted) {
    if (language === 'zh') return 'zh-CN';
    if (language === 'en') return 'en';
  }
  return LOCALES[0];
};
