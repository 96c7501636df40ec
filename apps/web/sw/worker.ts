import { isLocale, matchLocale } from '../i18n/locales.ts';
import { ask } from './ask.ts';
import type { Plan } from './plan.ts';
import { routeOf } from './route.ts';
import type { ToWorker, WorkerScope } from './scope.ts';
import { asset, chooseLocale, chosenLocale, data, install, prune, shellIn } from './stores.ts';

interface ShellWorker {
  /** Rejects when the build could not be fetched as a whole: the browser tries again later. */
  install(): Promise<void>;
  activate(): Promise<void>;
  /** Null: not ours to answer. */
  answer(request: Request): Promise<Response> | null;
  /** Resolves with what is answered. */
  message(message: ToWorker): Promise<string>;
}

/** Serves the app shell of one build from the cache, so that the app starts at once and without a network. */
export const createShellWorker = (scope: WorkerScope, plan: Plan): ShellWorker => {
  const assets = new Set(plan.assets);
  const io = { caches: scope.caches, fetch: scope.fetch.bind(scope) };

  const shell = async (request: Request): Promise<Response> => {
    const chosen = await chosenLocale(io);
    const locale = isLocale(chosen) ? chosen : matchLocale(scope.navigator.languages.join(','));
    const newer = await handOver(locale);
    // The browser may have evicted the cache: then the server answers, as without a worker.
    return newer ?? (await shellIn(io, plan, plan.build, locale)) ?? io.fetch(request);
  };

  /**
   * If a newer build waits and only the page being left uses this one, the new shell is served and the new worker
   * takes over as soon as the browser allows. Otherwise reloading the only tab would show the old build forever.
   */
  const handOver = async (locale: string): Promise<Response | undefined> => {
    const { waiting } = scope.registration;
    if (!waiting || (await scope.clients.matchAll()).length > 1) return;
    const build = await ask(waiting, { type: 'build' });
    const newer = build ? await shellIn(io, plan, build, locale) : undefined;
    if (newer) waiting.postMessage({ type: 'activate' }, []);
    return newer;
  };

  const page = async (request: Request): Promise<Response> => {
    const answer = await io.fetch(request).catch(() => null);
    // 502 to 504 come from a proxy whose server is away.
    if (answer && (answer.status < 502 || answer.status > 504)) return answer;
    return (await shell(request).catch(() => null)) ?? answer ?? Response.error();
  };

  return {
    install: () => install(io, plan),
    activate: async () => {
      await prune(io, plan);
      await scope.clients.claim();
    },
    answer: (request) => {
      switch (routeOf(request, scope.location.origin, assets)) {
        case 'shell':
          return shell(request);
        case 'page':
          return page(request);
        case 'asset':
          return asset(io, plan, request);
        case 'data':
          return data(io, request);
        default:
          return null;
      }
    },
    message: async (message) => {
      if (message.type === 'build') return plan.build;
      if (message.type === 'activate') await scope.skipWaiting();
      else if (isLocale(message.locale)) await chooseLocale(io, message.locale);
      return 'done';
    },
  };
};
