/**
 * Addresses that the app shell answers by itself: the list, a conversation, search, settings. Everything else (signing
 * in, say) is a page of the server's. The service worker and the shell read the same list.
 */
export const isAppPath = (pathname: string): boolean =>
  pathname === '/' ||
  pathname.startsWith('/c/') ||
  pathname === '/search' ||
  pathname === '/settings' ||
  pathname.startsWith('/settings/');

/** Where the shell of a language is: the same for everybody, rendered without cookies. */
export const shellPath = (locale: string): string => `/shell/${locale}`;

/** The language of a shell's address; null elsewhere. */
export const shellLocale = (path: string | null): string | null =>
  /^\/shell\/([A-Za-z-]+)(?:$|\?)/.exec(path ?? '')?.[1] ?? null;

/** Names the build that an answer belongs to: a worker takes only a shell of its own build. Pages say it as `data-build`. */
export const BUILD_HEADER = 'x-lockstep-build';

/** The only cache of the worker that fills with use; emptied with the local store. */
export const DATA_CACHE = 'lockstep-data';
