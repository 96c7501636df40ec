import { Budget, BudgetOver } from '@lockstep/db';
import { describe, expect, it } from 'vitest';
import { monthsOf } from '../src/query/months.ts';
import { EXPORT_LIMITS, SEARCH_LIMITS } from '../src/searcher.ts';

const now = Date.parse('2026-03-04T00:00:00Z');
const monthOf = async (zone: string, at: number) =>
  (await monthsOf(zone, now, new Budget(EXPORT_LIMITS))).of(at);

describe('the month of a moment', () => {
  it('is that of the zone', async () => {
    const at = Date.parse('2008-10-31T23:30:00Z');
    expect(await monthOf('UTC', at)).toBe('2008-10');
    expect(await monthOf('Europe/Berlin', at)).toBe('2008-11');
    expect(await monthOf('America/New_York', Date.parse('2008-11-01T03:59:59Z'))).toBe('2008-10');
    expect(await monthOf('No/Where', at)).toBe('2008-10');
  });

  it('is never nothing, however far away', async () => {
    expect(await monthOf('Asia/Shanghai', 0)).toBe('1970-01');
    expect(await monthOf('America/New_York', 0)).toBe('1970-01');
    expect(await monthOf('UTC', Date.parse('2500-01-01'))).toBe('2027-12');
  });

  it('is made once for a zone, however its name is spelt, and not at all without a budget', async () => {
    const budget = new Budget(SEARCH_LIMITS);
    const berlin = await monthsOf('Europe/Berlin', now, budget);
    expect(await monthsOf('eUROPE/bERLIN', now, budget)).toBe(berlin);
    const over = new Budget({ ...SEARCH_LIMITS, ms: 0 });
    await expect(monthsOf('Asia/Kathmandu', now, over)).rejects.toThrow(BudgetOver);
    expect(over.isCut).toBe(true);
  });
});
