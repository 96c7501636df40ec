import { afterEach, expect, test, vi } from 'vitest';
import { captureConsole, createLog } from '../src/log.ts';

afterEach(() => vi.useRealTimers());

const open = () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  const lines: Record<string, unknown>[] = [];
  const write = (line: string) => void lines.push({ ...JSON.parse(line), length: line.length });
  return { lines, log: createLog({ level: 'info', part: 'web', destination: { write } }) };
};

test('a kind has so many lines in a minute, and says afterwards how many were left out', () => {
  const { log, lines } = open();
  for (let n = 0; n < 1_000; n++) log.warn({ url: `/${n}` }, 'request failed');
  expect(lines).toHaveLength(20);
  log.error('another kind');
  log.error({ err: Object.assign(new Error('x'), { code: 'ECONNREFUSED' }) }, 'request failed');
  expect(lines).toHaveLength(22);
  vi.advanceTimersByTime(60_000);
  log.warn({ url: '/last' }, 'request failed');
  expect(lines.slice(22)).toMatchObject([
    { level: 40, lines: 980, kind: 'request failed', msg: 'log: lines of this kind were left out' },
    { level: 40, url: '/last', msg: 'request failed' },
  ]);
  vi.advanceTimersByTime(60_000);
  log.warn('request failed');
  expect(lines).toHaveLength(25);
});

test('a line is short, whatever came from outside', () => {
  const { log, lines } = open();
  const cause = new Error('y'.repeat(10_000));
  log.error({ err: new Error('x'.repeat(10_000), { cause }), url: `/${'z'.repeat(10_000)}` }, 'failed');
  expect(lines[0]).toMatchObject({
    err: { type: 'Error', message: expect.stringMatching(/^x{300}… \(\d+ more\)$/) },
  });
  expect(lines[0]?.length).toBeLessThan(3_000);
  log.error({ err: 'thrown text' }, 'failed');
  log.error({ err: Object.assign(new Error('x'), { detail: 'w'.repeat(10_000) }) }, 'failed');
  expect(lines[1]).toMatchObject({ err: 'thrown text' });
  expect(lines[2]?.length).toBeLessThan(3_000);
});

test('what libraries print goes to the log', () => {
  const { log, lines } = open();
  const kept = { ...console };
  try {
    captureConsole(log);
    console.error(new TypeError('Invalid URL'), 'of', { a: 1 }, 'v'.repeat(10_000));
    console.log('✓ ready');
  } finally {
    Object.assign(console, kept);
  }
  expect(lines).toMatchObject([
    {
      level: 50,
      msg: 'printed',
      err: { type: 'TypeError' },
      text: expect.stringMatching(/^of \[object Object\] v/),
    },
    { level: 30, msg: 'printed', text: '✓ ready' },
  ]);
  expect(lines[0]?.length).toBeLessThan(3_000);
});

test('no text that was asked for, no code of a link, no address of a person', () => {
  const { log, lines } = open();
  const code = 'Zm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFy';
  for (const url of [
    `/reset/${code}`,
    `/reset/${code}/more?x=1`,
    '/search?q=what+I+think',
    '/api/trpc/conversations.createGroup,messages.send?batch=1&input=text',
    '/c/0193f1c2-7a0e-7c11-9b1e-0a1b2c3d4e5f',
  ])
    log.warn({ url }, 'failed');
  expect(lines.map(({ url }) => url)).toEqual([
    '/reset/…',
    '/reset/…/more',
    '/search',
    '/api/trpc/conversations.createGroup,messages.send',
    '/c/0193f1c2-7a0e-7c11-9b1e-0a1b2c3d4e5f',
  ]);
  log.error({ err: new Error('Key (email)=(ann.lee@example.org) is there') }, 'failed');
  log.error({ err: 'to <ann@intranet>, "ann+x@example.org"' }, 'failed');
  expect(lines.slice(5).map(({ err }) => (err as { message?: string }).message ?? err)).toEqual([
    'Key (email)=(…@…) is there',
    'to <…@…>, "…@…"',
  ]);
});
