import { z } from 'zod';
import { charactersLeft, codePoints } from './length.ts';
import { LIMITS } from './limits.ts';
import { isVisible, isVisibleName, withoutHidden } from './visible.ts';

/** Postgres cannot store NUL, and a lone surrogate does not survive UTF-8: both are refused, not silently changed. */
const isStorable = (text: string): boolean => !text.includes('\u0000') && text.isWellFormed();

const storable = z.string().refine(isStorable, 'has a NUL character or half of a surrogate pair');

const EMBEDDINGS = /[\u202a-\u202e\u2066-\u2069]/u;

/**
 * One line of text shown to others: trimmed, what is hidden in it taken out (visible.ts), no control or bidi-override
 * characters, 1 to `max` code points of which something can be seen.
 */
export const line = (max: number) =>
  storable
    // Checked first, so that overlong texts are not scanned.
    .refine((text) => text.length <= 16 * max + 1_000, `is longer than ${max} characters`)
    .refine((text) => !EMBEDDINGS.test(text), 'has control characters')
    .transform((text) => withoutHidden(text).trim().replace(/\s+/gu, ' '))
    .refine(isVisibleName, 'is empty')
    .refine((text) => codePoints(text) <= max, `is longer than ${max} characters`)
    .refine((text) => !/\p{Cc}/u.test(text), 'has control characters');

/** Text as it stands, also blank: up to `max` code points. */
export const raw = (max: number) =>
  storable.refine((text) => codePoints(text) <= max, `is longer than ${max} characters`);

/** The text of a message: trailing space dropped, line ends unified, something to see in it, no longer than it may be. */
export const messageBody = () =>
  storable
    .transform((text) => text.replace(/\r\n?/g, '\n').trimEnd())
    .refine(isVisible, 'is empty')
    .refine((text) => charactersLeft(text) >= 0, `is longer than ${LIMITS.messageText} characters`);
