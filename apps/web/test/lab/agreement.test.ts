import type { Inspection } from '@lockstep/sync';
import { describe, expect, test } from 'vitest';
import { GRACE_MS, overallVerdict, verdictOf } from '../../lib/lab/agreement.ts';
import type { Mode, Report } from '../../lib/lab/messages.ts';

const report = (digest: string, change: Partial<Inspection> = {}, mode: Mode = 'online'): Report => ({
  type: 'report',
  mode,
  conversationId: null,
  rev: null,
  inspection: {
    userId: 'u',
    connection: 'online',
    endedBecause: null,
    loaded: true,
    storage: 'disk',
    leader: true,
    caughtUp: true,
    pos: 1,
    lag: null,
    revs: {},
    outbox: { pending: 0, sending: 0, failed: 0 },
    pending: 0,
    loading: 0,
    digest: { overall: digest, conversations: {}, ranges: [] },
    ...change,
  },
});

describe('the light of one device', () => {
  test('agrees with the digest of the server and nothing on its way, in whatever weather', () => {
    expect(verdictOf(report('1'), '1', 0)).toBe('agree');
    expect(verdictOf(report('1', {}, 'asleep'), '1', 0)).toBe('agree');
    expect(verdictOf(report('1', { outbox: { pending: 0, sending: 0, failed: 1 } }), '1', 0)).toBe('agree');
  });

  test('is still moving while something is in flight or there is no answer', () => {
    expect(verdictOf(null, '1', 1e9)).toBe('moving');
    expect(verdictOf(report('1'), null, 1e9)).toBe('moving');
    const late = GRACE_MS + 1;
    expect(verdictOf(report('1', { pending: 1 }), '1', late)).toBe('moving');
    expect(verdictOf(report('1', { caughtUp: false }), '1', late)).toBe('moving');
    expect(verdictOf(report('1', {}, 'offline'), '2', late)).toBe('moving');
    expect(verdictOf(report('1', { connection: 'connecting' }), '2', late)).toBe('moving');
  });

  test('differs only when there is no known reason left', () => {
    expect(verdictOf(report('1'), '2', GRACE_MS - 1)).toBe('moving');
    expect(verdictOf(report('1'), '2', GRACE_MS)).toBe('differ');
  });
});

test('the light of all is the worst of them, and off where there are none', () => {
  expect(overallVerdict([])).toBeNull();
  expect(overallVerdict(['agree', 'agree'])).toBe('agree');
  expect(overallVerdict(['agree', 'moving'])).toBe('moving');
  expect(overallVerdict(['moving', 'differ', 'agree'])).toBe('differ');
});
