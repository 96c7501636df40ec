import type { z } from 'zod';

/**
 * A text or a list whose bounds are compared only where it is one: zod compares the `length` of whatever is given, and
 * throws where that is an object which is no number either.
 */
export const bounded = <T extends z.ZodType>(schema: T): T => {
  for (const { _zod: check } of schema._zod.def.checks ?? []) if (check.def.when) check.def.when = hasLength;
  return schema;
};

const hasLength = ({ value }: { value: unknown }): boolean =>
  typeof value === 'string' || Array.isArray(value);
