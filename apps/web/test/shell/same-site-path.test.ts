import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sameSitePath } from '../../lib/same-site-path.ts';

test('paths of this site are followed after signing in', () => {
  for (const path of [
    '/',
    '/c/1?x=2#y',
    '/search?q=a%2Fb',
    '/admin/history',
    '/c/1?next=//evil.example',
    '/%2F%2Fx',
  ])
    expect(sameSitePath(path)).toBe(path);
  expect(sameSitePath('/c/1/../2')).toBe('/c/2');
});

test.each([
  'https://evil.example',
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\n//evil.example',
  '/..//evil.example',
  '/.//evil.example',
  '/c/..//evil.example',
  '/c/../..//evil.example',
  '/c/..\\/evil.example',
  '/c/..\\\\evil.example',
  '/%2e%2e//evil.example',
  '/.%2E\\/evil.example',
  '/.\t.//evil.example',
  '/c/.\r\n./\t/evil.example',
  '/..//..//evil.example/..//',
  'javascript:alert(1)',
  '\u0001javascript:alert(1)',
  'data:text/html,x',
  'c/1',
  '@evil.example',
  '',
  undefined,
  ['/a', '/b'],
  `/${'x'.repeat(600)}`,
])('%j leads home', (value) => {
  expect(sameSitePath(value)).toBe('/');
});

const PIECES = [
  '/',
  '//',
  '\\',
  '.',
  '..',
  '%2e',
  '%2F',
  '%5c',
  '\t',
  '\n',
  '\r',
  '\0',
  ' ',
  'c',
  '@',
  ':',
  '?',
  '#',
  'evil.example',
];

test('whatever is asked for, a browser stays here, and reads the answer as it stands', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }), (pieces) => {
      const path = sameSitePath(`/${pieces.join('')}`);
      for (const origin of ['https://chat.example', 'http://localhost:3000']) {
        const url = new URL(path, origin);
        expect(url.origin).toBe(origin);
        expect(url.pathname + url.search + url.hash).toBe(path);
      }
      expect(path).toMatch(/^\/(?![/\\])/);
      expect(sameSitePath(path)).toBe(path);
    }),
    { numRuns: 3_000 },
  );
});
