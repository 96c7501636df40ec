import type { IncomingMessage } from 'node:http';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { pageBudget } from '../../server/http/page-budget.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date', 'performance'] }));
afterEach(() => void vi.useRealTimers());

const from = (address: string, url = '/') =>
  ({
    url,
    headers: { 'x-forwarded-for': address },
    socket: { remoteAddress: '10.0.0.1' },
  }) as unknown as IncomingMessage;

it('an address has so many pages, files not counted', () => {
  const budget = pageBudget({ RATE_LIMITS: 'on', TRUST_PROXY: 'on' });
  for (let n = 0; n < 300; n++) {
    expect(budget(from('203.0.113.8'))).toBe(0);
    for (const file of ['/_next/static/x.js', '/sw.js', '/icons/a.png'])
      expect(budget(from('203.0.113.8', file))).toBe(0);
  }
  expect(budget(from('203.0.113.8:4711', '/sign-in?x=/_next/static/'))).toBe(1);
  expect(budget(from('203.0.113.9'))).toBe(0);
  const off = pageBudget({ RATE_LIMITS: 'off', TRUST_PROXY: 'on' });
  for (let n = 0; n < 400; n++) expect(off(from('203.0.113.8'))).toBe(0);
});
