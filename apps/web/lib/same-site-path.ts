/** What Next hands a page of its query. */
export type PageQuery = Record<string, string | string[] | undefined>;

/** A path of this site taken from a query, or `/`. Refuses what a browser would read as another site. */
export const sameSitePath = (value: unknown): string => {
  if (typeof value !== 'string' || !/^\/(?![/\\])/.test(value) || value.length > 500) return '/';
  try {
    const url = new URL(value, 'http://lockstep.invalid');
    return url.origin === 'http://lockstep.invalid' ? `${url.pathname}${url.search}${url.hash}` : '/';
  } catch {
    return '/';
  }
};
