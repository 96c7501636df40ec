import type { Plan } from '../../sw/plan.ts';
import type { WorkerScope } from '../../sw/scope.ts';

export const ORIGIN = 'http://chat.example.org';

type Key = RequestInfo | URL;
const pathOf = (key: Key): string => {
  const url = new URL(typeof key === 'string' ? key : key instanceof URL ? key.href : key.url, ORIGIN);
  return url.href;
};

/** As much of the browser's CacheStorage as the worker uses: Node has none. */
export const memoryCaches = (): CacheStorage => {
  const stores = new Map<string, Map<string, Response>>();
  const cacheOf = (store: Map<string, Response>) => ({
    match: async (key: Key) => store.get(pathOf(key))?.clone(),
    put: async (key: Key, value: Response) => void store.set(pathOf(key), value),
    keys: async () => [...store.keys()].map((url) => new Request(url)),
    delete: async (key: Key | Request) => store.delete(pathOf(key)),
  });
  return {
    open: async (name: string) => {
      const store = stores.get(name) ?? new Map<string, Response>();
      stores.set(name, store);
      return cacheOf(store);
    },
    keys: async () => [...stores.keys()],
    delete: async (name: string) => stores.delete(name),
    match: async (key: Key, { cacheName }: MultiCacheQueryOptions = {}) => {
      if (cacheName !== undefined) return stores.get(cacheName)?.get(pathOf(key))?.clone();
      for (const store of stores.values()) if (store.has(pathOf(key))) return store.get(pathOf(key))?.clone();
      return undefined;
    },
  } as unknown as CacheStorage;
};

export interface FakeServer {
  /** What is deployed; null: cannot be reached. */
  deployed: Plan | null;
  /** An answer instead of the deployed one, by path. */
  instead: Map<string, () => Response>;
  /** Paths asked for, in order. */
  asked: string[];
  fetch: WorkerScope['fetch'];
}

/** A server with one build at a time: of older builds it has no files any more. */
export const fakeServer = (): FakeServer => {
  const server: FakeServer = {
    deployed: null,
    instead: new Map(),
    asked: [],
    fetch: async (input) => {
      const { pathname } = new URL(input instanceof Request ? input.url : `${input}`, ORIGIN);
      const { deployed } = server;
      if (!deployed) throw new TypeError('Failed to fetch');
      server.asked.push(pathname);
      const instead = server.instead.get(pathname);
      if (instead) return instead();
      if (deployed.assets.includes(pathname)) return new Response(`${pathname} of ${deployed.build}`);
      if (Object.values(deployed.shells).includes(pathname))
        return new Response(`shell ${pathname} of ${deployed.build}`, {
          headers: { 'x-lockstep-build': deployed.build },
        });
      if (pathname.startsWith('/_next/')) return new Response('', { status: 404 });
      return new Response(`page ${pathname}`);
    },
  };
  return server;
};
