import type { Plan } from './plan.ts';
import type { ExtendableEvent, FetchEvent, InstallEvent, WorkerScope } from './scope.ts';
import { createShellWorker } from './worker.ts';

/** Filled in by server/worker-script.ts. */
declare const PLAN: Plan;

const NEVER_OURS = ['/api/*', '/socket.io/*'];

const scope = self as unknown as WorkerScope & EventTarget;
const worker = createShellWorker(scope, PLAN);

scope.addEventListener('install', (event) => {
  // Where the browser knows how, these never wait for a worker that has to wake up first.
  (event as InstallEvent)
    .addRoutes?.(
      NEVER_OURS.map((pathname) => ({ condition: { urlPattern: { pathname } }, source: 'network' })),
    )
    .catch(() => {});
  (event as InstallEvent).waitUntil(worker.install());
});
scope.addEventListener('activate', (event) => (event as ExtendableEvent).waitUntil(worker.activate()));
scope.addEventListener('fetch', (event) => {
  const { request } = event as FetchEvent;
  const answer = worker.answer(request);
  if (answer) (event as FetchEvent).respondWith(answer);
});
scope.addEventListener('message', (event) => {
  const { data, ports } = event as MessageEvent & ExtendableEvent;
  const done = worker.message(data).then((answer) => ports[0]?.postMessage(answer));
  (event as unknown as ExtendableEvent).waitUntil(done);
});
