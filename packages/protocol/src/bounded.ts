import type { z } from 'zod';

/**
 * A bounded text or list that checks the type before the bounds: zod compares the `length` of any value and throws if
 * `length` is an object that cannot be converted to a number.
 */
export const bounded = <T extends z.ZodType>(schema: T): T => {
  for (const { _zod: check } of schema._zod.def.checks ?? []) if (check.def.when) check.def.when = hasLength;
  return schema;
};

const hasLength = ({ value }: { value: unknown }): boolean =>
  typeof value === 'string' || Array.isArray(value);
