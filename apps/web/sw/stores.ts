import { BUILD_HEADER, DATA_CACHE } from '../lib/pwa/paths.ts';
import type { Plan } from './plan.ts';
import type { WorkerScope } from './scope.ts';

/** One cache a build. Its shells are put in last: a cache with a shell is complete. */
const APP = 'lockstep-app-';
/** The choice of language, which a worker cannot read from the cookie. */
const CHOICES = 'lockstep-choices';
const LOCALE_KEY = '/choices/locale';
const MAX_DATA = 12;
/** Files fetched at a time while a build is installed, so that the page's own requests get through. */
const FETCHES = 4;

type Io = Pick<WorkerScope, 'caches' | 'fetch'>;

const shellOf = ({ shells }: Plan): string => Object.values(shells)[0] ?? '';

/** Fetches what is not held yet by any build; rejects when something of it is missing or of another build. */
export const install = async ({ caches, fetch }: Io, plan: Plan): Promise<void> => {
  const cache = await caches.open(APP + plan.build);
  const todo = [...plan.assets];
  const work = async () => {
    for (let path = todo.pop(); path !== undefined; path = todo.pop()) {
      if (await cache.match(path)) continue;
      const held = path.startsWith('/_next/static/') ? await caches.match(path) : undefined;
      await cache.put(path, held ?? (await fetched(fetch, path, 'default')));
    }
  };
  await Promise.all(Array.from({ length: FETCHES }, work));
  const shells = await Promise.all(
    Object.values(plan.shells).map((path) => fetched(fetch, path, 'no-store')),
  );
  for (const [i, path] of Object.values(plan.shells).entries())
    if (shells[i]?.headers.get(BUILD_HEADER) !== plan.build) throw new Error(`${path} is of another build`);
  for (const [i, path] of Object.values(plan.shells).entries()) await cache.put(path, shells[i] as Response);
};

/** Never with cookies: what is kept is the same for everybody. */
const fetched = async (fetch: Io['fetch'], path: string, cache: RequestCache): Promise<Response> => {
  const answer = await fetch(path, { credentials: 'omit', redirect: 'error', cache });
  if (!answer.ok) throw new Error(`${path}: status ${answer.status}`);
  return answer;
};

/**
 * Drops the builds before the last: pages of the last one may still be open in other tabs and load more of their files,
 * which the server no longer has.
 */
export const prune = async ({ caches }: Io, plan: Plan): Promise<void> => {
  const names = (await caches.keys()).filter((name) => name.startsWith(APP) && name !== APP + plan.build);
  let kept = false;
  // In the order in which they were made.
  for (const name of names.reverse()) {
    const complete = (await (await caches.open(name)).keys()).some((request) =>
      new URL(request.url).pathname.startsWith('/shell/'),
    );
    if (complete && !kept) kept = true;
    else await caches.delete(name);
  }
};

/** The shell of a build that has been installed. */
export const shellIn = async (
  { caches }: Io,
  plan: Plan,
  build: string,
  locale: string,
): Promise<Response | undefined> =>
  caches.match(plan.shells[locale] ?? shellOf(plan), { cacheName: APP + build });

/** From this build, else from the one before, else from the server. */
export const asset = async ({ caches, fetch }: Io, plan: Plan, request: Request): Promise<Response> => {
  const cache = await caches.open(APP + plan.build);
  const held = (await cache.match(request)) ?? (await caches.match(request));
  if (held) return withoutUrl(request, held);
  const answer = await fetch(request);
  if (answer.ok && new URL(request.url).pathname.startsWith('/_next/static/'))
    await cache.put(request, answer.clone()).catch(() => {});
  return withoutUrl(request, answer);
};

/**
 * A Worker takes the address of the answer for its own, and the bundler tells it in the fragment what to load, which no
 * kept answer has. One without an address leaves it that of the request.
 */
const withoutUrl = ({ destination }: Request, answer: Response): Response =>
  destination === 'worker' && answer.ok ? new Response(answer.body, answer) : answer;

/** Cached on first use; the oldest is evicted when there are too many. */
export const data = async ({ caches, fetch }: Io, request: Request): Promise<Response> => {
  const cache = await caches.open(DATA_CACHE);
  const held = await cache.match(request);
  if (held) return held;
  const answer = await fetch(request);
  if (!answer.ok) return answer;
  await cache.put(request, answer.clone()).catch(() => {});
  const keys = await cache.keys();
  for (const key of keys.slice(0, Math.max(0, keys.length - MAX_DATA))) await cache.delete(key);
  return answer;
};

export const chosenLocale = async ({ caches }: Io): Promise<string | null> =>
  (await (await (await caches.open(CHOICES)).match(LOCALE_KEY))?.text()) ?? null;

export const chooseLocale = async ({ caches }: Io, locale: string): Promise<void> =>
  (await caches.open(CHOICES)).put(LOCALE_KEY, new Response(locale));
