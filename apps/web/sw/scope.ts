/**
 * What the worker uses of a ServiceWorkerGlobalScope. The DOM library, which the rest of this app is checked with, does
 * not know it, and the worker's own library clashes with it.
 */
export interface WorkerScope {
  readonly caches: CacheStorage;
  readonly location: { readonly origin: string };
  readonly navigator: { readonly languages: readonly string[] };
  readonly registration: { readonly waiting: WorkerHandle | null };
  readonly clients: { claim(): Promise<void>; matchAll(): Promise<readonly unknown[]> };
  fetch(input: RequestInfo, init?: RequestInit): Promise<Response>;
  skipWaiting(): Promise<void>;
}

/** A worker to which messages are posted, with a port for the answer. */
export interface WorkerHandle {
  postMessage(message: ToWorker, ports: MessagePort[]): void;
}

export interface ExtendableEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}

export interface InstallEvent extends ExtendableEvent {
  /** Static routing; Chromium has it. */
  addRoutes?(rules: { condition: { urlPattern: { pathname: string } }; source: 'network' }[]): Promise<void>;
}

export interface FetchEvent extends ExtendableEvent {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

/** Messages from a page, or from the active worker, to a worker. The answer is `done` unless stated otherwise. */
export type ToWorker =
  /** It answers with the name of its build. */
  | { type: 'build' }
  /** The waiting worker takes over now. */
  | { type: 'activate' }
  /** The language of the shell from now on. */
  | { type: 'locale'; locale: string };
