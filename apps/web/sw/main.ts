import type { Plan } from './plan.ts';
import type { ExtendableEvent, FetchEvent, WorkerScope } from './scope.ts';
import { createShellWorker } from './worker.ts';

/** Filled in by sw/script.ts. */
declare const PLAN: Plan;

const scope = self as unknown as WorkerScope & EventTarget;
const worker = createShellWorker(scope, PLAN);

scope.addEventListener('install', (event) => (event as ExtendableEvent).waitUntil(worker.install()));
scope.addEventListener('activate', (event) => (event as ExtendableEvent).waitUntil(worker.activate()));
scope.addEventListener('fetch', (event) => {
  const { request } = event as FetchEvent;
  const answer = worker.answer(request);
  if (answer) (event as FetchEvent).respondWith(answer);
});
scope.addEventListener('message', (event) => {
  const { data, ports } = event as MessageEvent & ExtendableEvent;
  const done = worker.message(data).then(() => ports[0]?.postMessage('done'));
  (event as unknown as ExtendableEvent).waitUntil(done);
});
