import { ask } from '@/sw/ask.ts';
import type { ToWorker } from '@/sw/scope.ts';

/** How often an open tab checks for a new build, in ms; also when it becomes visible after that time. */
const CHECK_EVERY_MS = 30 * 60_000;

/** Browsers have it over https and on localhost only. */
const container = (): ServiceWorkerContainer | null =>
  typeof navigator !== 'undefined' && 'serviceWorker' in navigator ? navigator.serviceWorker : null;

/**
 * Registers the service worker and watches for new builds. `onUpdate` is called when one is ready, with the way to take
 * it over, which loads the page again. Returns the way to stop watching; the worker stays.
 */
export const startWorker = (onUpdate: (take: () => void) => void): (() => void) => {
  const workers = container();
  if (!workers) return () => {};
  const stop = new AbortController();
  const { signal } = stop;
  let hadWorker = workers.controller !== null;
  let taking = false;

  /** Not where this page is of the worker's build already: it was served when the build before handed over. */
  const offer = async (registration: ServiceWorkerRegistration, worker: ServiceWorker) => {
    if ((await ask(worker, { type: 'build' })) === document.documentElement.dataset.build) return;
    if (signal.aborted) return;
    onUpdate(() => {
      taking = true;
      if (registration.waiting) registration.waiting.postMessage({ type: 'activate' } satisfies ToWorker);
      else window.location.reload();
    });
  };

  const watch = (registration: ServiceWorkerRegistration) => {
    // A worker that waits while none is in charge is the first: there is nothing to update.
    if (registration.waiting && workers.controller) void offer(registration, registration.waiting);
    registration.addEventListener(
      'updatefound',
      () => {
        const { installing } = registration;
        installing?.addEventListener(
          'statechange',
          () => installing.state === 'installed' && workers.controller && offer(registration, installing),
          { signal },
        );
      },
      { signal },
    );
    workers.addEventListener(
      'controllerchange',
      () => {
        if (taking) return window.location.reload();
        // Another tab has taken the new build: this page is of the old one.
        if (hadWorker && workers.controller) void offer(registration, workers.controller);
        hadWorker = true;
      },
      { signal },
    );
    let checkedAt = Date.now();
    const checkForUpdate = () => {
      if (document.visibilityState !== 'visible' || Date.now() - checkedAt < CHECK_EVERY_MS) return;
      checkedAt = Date.now();
      registration.update().catch(() => {}); // no network: the next look is as good
    };
    const timer = setInterval(checkForUpdate, CHECK_EVERY_MS);
    document.addEventListener('visibilitychange', checkForUpdate, { signal });
    signal.addEventListener('abort', () => clearInterval(timer));
    void postToWorker({ type: 'locale', locale: document.documentElement.lang }, registration.active);
  };

  workers
    .register('/sw.js', { updateViaCache: 'none' })
    .then(() => workers.ready)
    .then((registration) => signal.aborted || watch(registration))
    .catch(() => {}); // without one the app needs the network to start, and nothing else changes
  return () => stop.abort();
};

/** Longest wait for a new build to be fetched and to take over, in ms. */
const NEWEST_MS = 20_000;

/**
 * Fetches the newest build, where a service worker keeps one, and puts it in charge, so that the next load of the page is
 * of it. Never rejects: without a network the build that is kept is the newest.
 */
export const bringNewest = async (): Promise<void> => {
  const workers = container();
  if (!workers?.controller) return;
  const late = new Promise<void>((done) => setTimeout(done, NEWEST_MS));
  await Promise.race([late, takeNewest(workers)]).catch(() => {});
};

const takeNewest = async (workers: ServiceWorkerContainer): Promise<void> => {
  const registration = await workers.ready;
  await registration.update();
  const { installing } = registration;
  if (installing)
    await new Promise<void>((done) => {
      installing.addEventListener('statechange', () => done(), { once: true });
    });
  const { waiting } = registration;
  if (!waiting) return;
  const taken = new Promise<void>((done) => {
    workers.addEventListener('controllerchange', () => done(), { once: true });
  });
  waiting.postMessage({ type: 'activate' } satisfies ToWorker);
  await taken;
};

/** Resolves when the worker has done it, at once when there is none, and after a second at the latest. */
export const postToWorker = async (message: ToWorker, worker = container()?.controller): Promise<void> => {
  if (worker) await ask(worker, message);
};
