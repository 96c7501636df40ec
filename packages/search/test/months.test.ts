import { describe, expect, it } from 'vitest';
import { monthsOf } from '../src/query/months.ts';

const now = Date.parse('2026-03-04T00:00:00Z');

describe('the month of a moment', () => {
  it('is that of the zone', () => {
    const at = Date.parse('2008-10-31T23:30:00Z');
    expect(monthsOf('UTC', now).of(at)).toBe('2008-10');
    expect(monthsOf('Europe/Berlin', now).of(at)).toBe('2008-11');
    expect(monthsOf('America/New_York', now).of(Date.parse('2008-11-01T03:59:59Z'))).toBe('2008-10');
    expect(monthsOf('No/Where', now).of(at)).toBe('2008-10');
  });

  it('is never nothing, however far away', () => {
    expect(monthsOf('Asia/Shanghai', now).of(0)).toBe('1970-01');
    expect(monthsOf('America/New_York', now).of(0)).toBe('1970-01');
    expect(monthsOf('UTC', now).of(Date.parse('2500-01-01'))).toBe('2027-12');
  });
});
