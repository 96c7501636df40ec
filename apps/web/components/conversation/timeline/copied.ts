import type { Row } from './rows.ts';

/** A row of which something was selected. */
export interface CopiedRow {
  row: Row;
  /** What was selected of it; null: all of it. */
  part: string | null;
}

export interface CopiedWords {
  /** What a row says as a whole; for a system message also who did it. */
  text(row: Row): string;
  /** `Ann Lee, 12:03`. */
  head(row: Row): string;
  day(at: number): string;
  /** Says that so many messages in between are not loaded. */
  missing(count: number): string;
  dayOf(at: number): number;
}

/**
 * What is copied of several messages: each under its sender and time, with a line for the day where it changes. Gaps
 * that are not loaded are mentioned. Rows with only white space selected are left out.
 */
export const copiedText = (rows: readonly CopiedRow[], words: CopiedWords): string => {
  const copied = rows.filter(({ part }) => part === null || part.trim() !== '');
  const days = new Set(copied.map(({ row }) => words.dayOf(row.at)));
  const blocks: string[] = [];
  let day: number | null = null;
  let seq: number | null = null;
  for (const { row, part } of copied) {
    const next = row.message?.seq ?? null;
    if (seq !== null && next !== null && next > seq + 1) blocks.push(words.missing(next - seq - 1));
    seq = next ?? seq;
    const its = words.dayOf(row.at);
    if (its !== day && days.size > 1) blocks.push(words.day(row.at));
    day = its;
    blocks.push(`${words.head(row)}\n${part ?? words.text(row)}`);
  }
  return blocks.join('\n\n');
};
