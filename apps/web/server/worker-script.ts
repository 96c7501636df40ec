import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join, sep } from 'node:path';
import { LOCALES } from '../i18n/locales.ts';
import { shellPath } from '../lib/pwa/paths.ts';
import type { Plan } from '../sw/plan.ts';
import { setAlways } from './http/headers.ts';

export const WORKER_PATH = '/sw.js';

interface WorkerScript {
  /** For the answers that carry the shell (BUILD_HEADER). */
  build: string;
  answer(req: IncomingMessage, res: ServerResponse): void;
}

interface Options {
  /** The folder of this app, built. */
  dir: string;
  publicUrl: string;
  dev: boolean;
  /** Whether pages are marked for tests to look into. */
  lab: boolean;
}

/** Scripts of other alphabets come when a text needs them. */
const FONT = /\.woff2?$/;
const FIRST_FONT = /latin-wght-normal/;

/** In development nothing is kept, and a worker that a production build left behind on this address takes itself away. */
const REMOVE_ITSELF = `self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name.startsWith('lockstep-')) await caches.delete(name);
  await self.registration.unregister();
  for (const client of await self.clients.matchAll({ type: 'window' })) client.navigate(client.url);
})()));
`;

/** The bundled sw/main.ts (scripts/lib/bundle.mjs). */
const SCRIPT = new URL('../../../dist/sw.js', import.meta.url);

/** The service worker of the build in `dir`, made once, at start: what it keeps is listed from what was built. */
export const createWorkerScript = ({ dir, publicUrl, dev, lab }: Options): WorkerScript => {
  const plan = dev ? null : planOf(dir, [publicUrl, lab]);
  const script = plan
    ? `const PLAN=${JSON.stringify(plan)};\n${readFileSync(SCRIPT, 'utf8')}`
    : REMOVE_ITSELF;
  const tag = `"${createHash('sha256').update(script).digest('base64url').slice(0, 20)}"`;
  return {
    build: plan?.build ?? 'dev',
    answer: (req, res) => {
      setAlways(res, { publicUrl });
      // The policy of a worker is that of its script: it may fetch from here and nothing else.
      res.setHeader('Content-Security-Policy', "default-src 'none'; connect-src 'self'");
      res.setHeader('Cache-Control', 'no-cache');
      res.setHeader('ETag', tag);
      if (req.headers['if-none-match'] === tag) return void res.writeHead(304).end();
      res.writeHead(200, { 'Content-Type': 'text/javascript; charset=utf-8' }).end(script);
    },
  };
};

/** `shownIn` is what the shell's answer carries beside the build: its policy names the address. */
const planOf = (dir: string, shownIn: unknown[]): Plan => {
  const built = filesBelow(join(dir, '.next/static'))
    .filter((file) => !file.endsWith('.map') && (!FONT.test(file) || FIRST_FONT.test(file)))
    .map((file) => `/_next/static/${file}`);
  const icons = filesBelow(join(dir, 'public/icons'))
    .filter((file) => file.endsWith('.png'))
    .map((file) => `/icons/${file}`);
  const plan = {
    assets: [...built, ...icons, '/manifest.webmanifest'],
    shells: Object.fromEntries(LOCALES.map((locale) => [locale, shellPath(locale)])),
  };
  const build = createHash('sha256')
    .update(JSON.stringify([plan, readFileSync(join(dir, '.next/BUILD_ID'), 'utf8'), shownIn]))
    .digest('base64url')
    .slice(0, 16);
  return { build, ...plan };
};

/** Paths from the folder, with `/`, sorted, so that equal builds have equal names on every machine. */
const filesBelow = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) =>
          join(entry.parentPath, entry.name)
            .slice(folder.length + 1)
            .split(sep)
            .join('/'),
        )
        .sort()
    : [];
