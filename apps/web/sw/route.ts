import { isAppPath } from '../lib/pwa/paths.ts';

/**
 * How a request is answered: `shell` from the cache, whatever the network does; `page` by the server, and by the
 * shell when it cannot be reached; `asset` from the cache of its build, or else by the server and kept; `data`
 * likewise, in a bounded cache. Null is left to the browser: the API, sockets, health, other sites. Nothing personal
 * is ever cached here.
 */
export type Route = 'shell' | 'page' | 'asset' | 'data' | null;

export const routeOf = (
  { url, method, mode }: Pick<Request, 'url' | 'method' | 'mode'>,
  origin: string,
  assets: ReadonlySet<string>,
): Route => {
  if (method !== 'GET') return null;
  const { origin: urlOrigin, pathname, search } = new URL(url);
  if (urlOrigin !== origin || pathname.startsWith('/api/')) return null;
  if (mode === 'navigate') {
    // A file that is opened by itself is a file.
    if (assets.has(pathname) || pathname === '/healthz' || pathname === '/sw.js') return null;
    return isAppPath(pathname) ? 'shell' : 'page';
  }
  if (pathname.startsWith('/_next/static/') || assets.has(pathname + search) || assets.has(pathname))
    return 'asset';
  return pathname.startsWith('/emoji/') ? 'data' : null;
};
