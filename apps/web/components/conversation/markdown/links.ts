const ALLOWED = new Set(['http:', 'https:', 'mailto:']);

/**
 * The address of a link, or null where it may not become one. Only absolute http, https and mailto addresses pass; the
 * browser's own parser decides what the scheme is, so that ` java\nscript:` is seen as what it would run as.
 */
export const safeHref = (href: string | undefined): string | null => {
  if (!href) return null;
  try {
    const url = new URL(href);
    if (!ALLOWED.has(url.protocol)) return null;
    if (url.protocol !== 'mailto:' && !url.hostname) return null;
    return url.href;
  } catch {
    return null;
  }
};
