/** What Next hands a page of its query. */
export type PageQuery = Record<string, string | string[] | undefined>;

/** A name that nobody can have (RFC 2606). */
const BASE = 'http://lockstep.invalid';

/**
 * A path of this site taken from a query, or `/`. It is resolved as a browser would and the result is checked, since
 * `/..//evil.example` becomes `//evil.example`, which is another site.
 */
export const sameSitePath = (value: unknown): string => {
  if (typeof value !== 'string' || !value.startsWith('/') || value.length > 500) return '/';
  try {
    const { origin, pathname, search, hash } = new URL(value, BASE);
    return origin === BASE && !/^\/[/\\]/.test(pathname) ? pathname + search + hash : '/';
  } catch {
    return '/';
  }
};
