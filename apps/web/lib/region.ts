import { LOCALES, type Locale } from '../i18n/locales.ts';

/**
 * The language of the interface as it is written where the browser is: `en` in a browser of Great Britain is `en-GB`, so
 * dates, clocks and the first day of the week are the reader's own. Gives the language itself for a tag that is none.
 */
export const regional = (language: string, browser: string): string => {
  try {
    const { region } = new Intl.Locale(browser).maximize();
    const { language: base, script } = new Intl.Locale(language).maximize();
    // With its script: Chinese of another region would be taken for Traditional.
    return new Intl.Locale(`${base}-${script}`, region ? { region } : {}).minimize().toString();
  } catch {
    return language;
  }
};

/** The language of the interface behind such a tag. */
export const languageOf = (locale: string): Locale =>
  LOCALES.find((each) => each.split('-')[0] === locale.split('-')[0]) ?? LOCALES[0];

type Weekday = 0 | 1 | 2 | 3 | 4 | 5 | 6;

/** 0 is Sunday. Monday where the browser does not tell. */
export const firstDayOfWeek = (locale: string): Weekday => {
  // A method in newer browsers, a field in older ones.
  const tag = new Intl.Locale(locale) as Intl.Locale & {
    getWeekInfo?: () => { firstDay: number };
    weekInfo?: { firstDay: number };
  };
  const info = tag.getWeekInfo?.() ?? tag.weekInfo;
  return ((info?.firstDay ?? 1) % 7) as Weekday;
};
