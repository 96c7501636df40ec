import { expect, it } from 'vitest';
import { type CopiedWords, copiedText } from '../../components/conversation/timeline/copied.ts';
import type { Row } from '../../components/conversation/timeline/rows.ts';

const DAY = 86_400_000;
const row = (seq: number, at = seq): Row =>
  ({ key: `k${seq}`, message: { seq }, unsent: null, senderId: 'ann', at }) as Row;
const words: CopiedWords = {
  text: ({ message }) => `text ${message?.seq}`,
  head: ({ at }) => `Ann, ${at % DAY}`,
  day: (at) => `day ${Math.floor(at / DAY)}`,
  missing: (count) => `[${count} missing]`,
  dayOf: (at) => Math.floor(at / DAY),
};
const whole = (...rows: Row[]) => rows.map((each) => ({ row: each, part: null }));

it('every message stands under its sender and time; of the first and the last what was selected', () => {
  const rows = [{ row: row(1), part: 'xt 1' }, ...whole(row(2)), { row: row(3), part: 'te' }];
  expect(copiedText(rows, words)).toBe('Ann, 1\nxt 1\n\nAnn, 2\ntext 2\n\nAnn, 3\nte');
});

it('days have lines where there are several', () => {
  expect(copiedText(whole(row(1), row(2, DAY + 2)), words)).toBe(
    'day 0\n\nAnn, 1\ntext 1\n\nday 1\n\nAnn, 2\ntext 2',
  );
});

it('gaps that are not loaded are mentioned; a row that was only touched is left out', () => {
  expect(copiedText(whole(row(1), row(5)), words)).toBe('Ann, 1\ntext 1\n\n[3 missing]\n\nAnn, 5\ntext 5');
  expect(copiedText([{ row: row(1), part: '\n' }, ...whole(row(2))], words)).toBe('Ann, 2\ntext 2');
});
