import Bowser from 'bowser';

/** Browser with its main version, and operating system; null if the user agent does not say. */
export const readUserAgent = (
  userAgent: string | null,
): { browser: string | null; system: string | null } => {
  if (!userAgent) return { browser: null, system: null };
  const { browser, os } = Bowser.parse(userAgent);
  const version = browser.version?.split('.', 1)[0];
  return {
    browser: browser.name ? `${browser.name}${version ? ` ${version}` : ''}` : null,
    system: os.name || null,
  };
};
