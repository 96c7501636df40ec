import { beforeEach, describe, expect, test } from 'vitest';
import type { Plan } from '../../sw/plan.ts';
import type { ToWorker, WorkerHandle, WorkerScope } from '../../sw/scope.ts';
import { createShellWorker } from '../../sw/worker.ts';
import { type FakeServer, fakeServer, memoryCaches, ORIGIN } from './memory-caches.ts';

const planOf = (build: string, ...files: string[]): Plan => ({
  build,
  assets: [...files.map((file) => `/_next/static/${file}`), '/manifest.webmanifest'],
  shells: { en: '/shell/en', 'zh-CN': '/shell/zh-CN' },
});
const first = planOf('one', 'same.js', 'one.js');
const second = planOf('two', 'same.js', 'two.js');
const third = planOf('three', 'same.js', 'three.js');

let server: FakeServer;
let caches: CacheStorage;
let open: number;
let waiting: WorkerHandle | null;
let skipped: number;
beforeEach(() => {
  server = fakeServer();
  caches = memoryCaches();
  open = 1;
  waiting = null;
  skipped = 0;
});

const workerOf = (plan: Plan, languages: string[] = ['en-GB']) =>
  createShellWorker(
    {
      caches,
      location: { origin: ORIGIN },
      navigator: { languages },
      registration: {
        get waiting() {
          return waiting;
        },
      },
      clients: { claim: async () => {}, matchAll: async () => Array.from({ length: open }) },
      fetch: server.fetch,
      skipWaiting: async () => void skipped++,
    } as WorkerScope,
    plan,
  );

const request = (path: string, mode: RequestMode = 'cors'): Request =>
  new Proxy(new Request(ORIGIN + path), {
    // A page cannot make one for navigating.
    get: (target, key) => (key === 'mode' ? mode : Reflect.get(target, key, target)),
  });
const textOf = async (answer: Promise<Response> | null) => (await answer)?.text();
const goTo = (worker: ReturnType<typeof workerOf>, path: string) =>
  textOf(worker.answer(request(path, 'navigate')));
const load = (worker: ReturnType<typeof workerOf>, path: string) => textOf(worker.answer(request(path)));

const deploy = async (plan: Plan, languages?: string[]) => {
  server.deployed = plan;
  const worker = workerOf(plan, languages);
  await worker.install();
  await worker.activate();
  return worker;
};

describe('the shell', () => {
  test('answers every address of the app without the network, also while there is one', async () => {
    const worker = await deploy(first);
    server.asked = [];
    for (const path of ['/', '/c/0198-77?at=3', '/settings', '/settings/devices'])
      expect(await goTo(worker, path)).toBe('shell /shell/en of one');
    server.deployed = null;
    expect(await goTo(worker, '/')).toBe('shell /shell/en of one');
    expect(server.asked).toEqual([]);
  });

  test('speaks the language of the browser until one is chosen, and in the next build as well', async () => {
    const worker = await deploy(first, ['fr', 'zh-TW']);
    expect(await goTo(worker, '/')).toBe('shell /shell/zh-CN of one');
    await worker.message({ type: 'locale', locale: 'en' });
    await worker.message({ type: 'locale', locale: 'klingon' });
    expect(await goTo(worker, '/')).toBe('shell /shell/en of one');
    expect(await goTo(await deploy(second, ['zh']), '/')).toBe('shell /shell/en of two');
  });

  test('stands in for other pages only when the server is away', async () => {
    const worker = await deploy(first);
    expect(await goTo(worker, '/sign-in')).toBe('page /sign-in');
    server.instead.set('/sign-in', () => new Response('proxy', { status: 502 }));
    expect(await goTo(worker, '/sign-in')).toBe('shell /shell/en of one');
    server.instead.set('/sign-in', () => new Response('defect', { status: 500 }));
    expect(await goTo(worker, '/sign-in')).toBe('defect');
    server.deployed = null;
    expect(await goTo(worker, '/sign-in')).toBe('shell /shell/en of one');
  });

  test('is fetched by the server again when the browser has thrown it away', async () => {
    const worker = await deploy(first);
    for (const name of await caches.keys()) await caches.delete(name);
    expect(await goTo(worker, '/')).toBe('page /');
  });
});

test('nothing of the API, of sockets or of other sites is touched', async () => {
  const worker = await deploy(first);
  for (const path of ['/api/trpc/sync.inbox', '/socket.io/?EIO=4', '/healthz', '/c/1?_rsc=x'])
    expect(worker.answer(request(path))).toBeNull();
  expect(worker.answer(new Request('https://elsewhere.example.org/'))).toBeNull();
  expect(worker.answer(new Request(`${ORIGIN}/`, { method: 'POST' }))).toBeNull();
  expect(worker.answer(request('/api/export', 'navigate'))).toBeNull();
});

describe('a new build', () => {
  test('takes what it shares with the last from the cache', async () => {
    await deploy(first);
    server.asked = [];
    await deploy(second);
    expect(server.asked.sort()).toEqual([
      '/_next/static/two.js',
      '/manifest.webmanifest',
      '/shell/en',
      '/shell/zh-CN',
    ]);
  });

  test('never mixes: pages of the last build still find their files after it has taken over', async () => {
    await deploy(first);
    const worker = await deploy(second);
    expect(await goTo(worker, '/')).toBe('shell /shell/en of two');
    expect(await load(worker, '/_next/static/one.js')).toBe('/_next/static/one.js of one');
    expect(await load(worker, '/_next/static/two.js')).toBe('/_next/static/two.js of two');
    // An icon keeps its name from build to build: the newest is meant.
    expect(await load(worker, '/manifest.webmanifest')).toBe('/manifest.webmanifest of two');
  });

  test('two builds are kept, not three', async () => {
    await deploy(first);
    await deploy(second);
    const worker = await deploy(third);
    expect((await worker.answer(request('/_next/static/one.js')))?.status).toBe(404);
    expect(await load(worker, '/_next/static/two.js')).toBe('/_next/static/two.js of two');
    expect((await caches.keys()).filter((name) => name.startsWith('lockstep-app-'))).toHaveLength(2);
  });

  test('is not installed by halves: a missing file, or a shell of yet another build, refuses it', async () => {
    const worker = await deploy(first);
    server.deployed = second;
    server.instead.set('/_next/static/two.js', () => new Response('', { status: 404 }));
    await expect(workerOf(second).install()).rejects.toThrow('/_next/static/two.js: status 404');
    server.instead.clear();
    // Deployed between the worker's script and its shell.
    server.instead.set('/shell/zh-CN', () => new Response('', { headers: { 'x-lockstep-build': 'three' } }));
    await expect(workerOf(second).install()).rejects.toThrow('/shell/zh-CN is of another build');
    expect(await goTo(worker, '/')).toBe('shell /shell/en of one');
    server.instead.clear();
    // The half that is left does not push out the build before.
    const last = await deploy(third);
    expect(await load(last, '/_next/static/one.js')).toBe('/_next/static/one.js of one');
  });

  test('takes over on request, and is served when the only page is loaded again', async () => {
    const worker = await deploy(first);
    server.deployed = second;
    const newer = workerOf(second);
    await newer.install();
    const reported: string[] = [];
    waiting = {
      postMessage: (message: ToWorker, ports) => {
        reported.push(message.type);
        void newer.message(message).then((answer) => ports[0]?.postMessage(answer));
      },
    };
    open = 2;
    expect(await goTo(worker, '/')).toBe('shell /shell/en of one');
    expect(reported).toEqual([]);
    open = 1;
    expect(await goTo(worker, '/c/1')).toBe('shell /shell/en of two');
    expect(reported).toEqual(['build', 'activate']);
    expect(skipped).toBe(1);
  });

  test('that does not answer leaves the page to the build before', async () => {
    const worker = await deploy(first);
    waiting = { postMessage: () => {} };
    expect(await goTo(worker, '/')).toBe('shell /shell/en of one');
  });

  test('that has gone back to an earlier one is served as well', async () => {
    await deploy(first);
    const worker = await deploy(second);
    const earlier = workerOf(first);
    waiting = {
      postMessage: (message: ToWorker, ports) =>
        void earlier.message(message).then((answer) => ports[0]?.postMessage(answer)),
    };
    expect(await goTo(worker, '/')).toBe('shell /shell/en of one');
  });
});

test('what is seen is kept in bounds', async () => {
  const worker = await deploy(first);
  for (let i = 0; i < 30; i++) await load(worker, `/emoji/en/${i}.json`);
  server.deployed = null;
  expect(await load(worker, '/emoji/en/29.json')).toBe('page /emoji/en/29.json');
  await expect(load(worker, '/emoji/en/3.json')).rejects.toThrow('Failed to fetch');
});
