import { describe, expect, it } from 'vitest';
import { isAppPath, shellLocale, shellPath } from '../../lib/pwa/paths.ts';
import { type Route, routeOf } from '../../sw/route.ts';

const ORIGIN = 'https://chat.example.org';
const ASSETS = new Set(['/icon.svg', '/fonts/a.woff2?v=1']);

const route = (path: string, { method = 'GET', mode = 'cors' as RequestMode } = {}): Route =>
  routeOf({ url: new URL(path, ORIGIN).href, method, mode }, ORIGIN, ASSETS);
const opened = (path: string): Route => route(path, { mode: 'navigate' });

describe('a page that is opened', () => {
  it.each(['/', '/c/0199', '/c/0199?at=7', '/search?text=a', '/settings', '/settings/devices'])(
    '%s is the app: the shell answers, whatever the network does',
    (path) => expect(opened(path)).toBe('shell'),
  );

  it.each(['/sign-in', '/sign-up?code=a', '/cat', '/searches', '/settings-2', '/admin', '/join/x'])(
    '%s is a page of the server',
    (path) => expect(opened(path)).toBe('page'),
  );

  it.each(['/healthz', '/sw.js', '/icon.svg', '/api/exports/1/messages.csv'])(
    '%s is left to the browser',
    (path) => expect(opened(path)).toBeNull(),
  );
});

describe('what a page fetches', () => {
  it.each(['/_next/static/chunks/a.js', '/icon.svg', '/icon.svg?v=2', '/fonts/a.woff2?v=1'])(
    '%s belongs to the build',
    (path) => expect(route(path)).toBe('asset'),
  );

  it('data that is the same for everybody is kept, within bounds', () => {
    expect(route('/emoji/en.json')).toBe('data');
  });

  it.each([
    '/api/trpc/me.get',
    '/api/',
    '/socket.io/?EIO=4',
    '/healthz',
    '/fonts/a.woff2',
    '/x/_next/static/a.js',
    '/x/emoji/en.json',
    'https://other.example.org/icon.svg',
  ])('%s is left to the browser: nothing personal is kept', (path) => expect(route(path)).toBeNull());

  it('what changes something is left to the browser', () => {
    expect(route('/icon.svg', { method: 'POST' })).toBeNull();
    expect(route('/', { method: 'POST', mode: 'navigate' })).toBeNull();
  });
});

it('the address of a shell says its language, and no other address does', () => {
  for (const locale of ['en', 'zh-CN']) {
    expect(shellLocale(shellPath(locale))).toBe(locale);
    expect(shellLocale(`${shellPath(locale)}?build=1`)).toBe(locale);
    expect(isAppPath(shellPath(locale))).toBe(false);
  }
  for (const path of ['/', '/shell/', '/shell/en/x', '/x/shell/en', null])
    expect(shellLocale(path)).toBeNull();
});
