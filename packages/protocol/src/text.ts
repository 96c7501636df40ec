import { z } from 'zod';

/** Length in code points, which is what people count and what LIMITS speak of. */
export const codePoints = (text: string): number => {
  let n = 0;
  for (const _ of text) n++;
  return n;
};

/** Postgres cannot store NUL, and a lone surrogate does not survive UTF-8: both are refused, not silently changed. */
const isStorable = (text: string): boolean => !text.includes('\u0000') && text.isWellFormed();

const storable = z.string().refine(isStorable, 'has a NUL character or half of a surrogate pair');

/** One line of text shown to others: trimmed, no control or bidi-override characters, 1 to `max` code points. */
export const line = (max: number) =>
  storable
    .transform((text) => text.trim().replace(/\s+/gu, ' '))
    .refine((text) => text.length > 0, 'is empty')
    .refine((text) => codePoints(text) <= max, `is longer than ${max} characters`)
    .refine((text) => !/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(text), 'has control characters');

/** Text as it stands, also blank: up to `max` code points. */
export const raw = (max: number) =>
  storable.refine((text) => codePoints(text) <= max, `is longer than ${max} characters`);

/** Several lines of text: trailing space dropped, line ends unified, 1 to `max` code points. */
export const multiline = (max: number) =>
  storable
    .transform((text) => text.replace(/\r\n?/g, '\n').trimEnd())
    .refine((text) => text.trim().length > 0, 'is empty')
    .refine((text) => codePoints(text) <= max, `is longer than ${max} characters`);
