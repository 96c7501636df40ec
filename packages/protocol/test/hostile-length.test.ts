import * as all from '@lockstep/protocol';
import { commands } from '@lockstep/protocol';
import { CLIENT_EVENTS, procedures } from '@lockstep/protocol/contract';
import { expect, test } from 'vitest';
import { z } from 'zod';

/** What has a length, but none that can be compared. */
const HOSTILE = JSON.parse(
  '{"length": {"toString": [], "valueOf": []}, "size": {"toString": [], "valueOf": []}}',
);

/** What comes from outside: the inputs of the contract, and what forms and scripts check. */
const exported: [string, unknown][] = [
  ...[...procedures, ...Object.entries(CLIENT_EVENTS)].map(([name, { input }]): [string, unknown] => [
    name,
    input,
  ]),
  ...Object.entries(commands),
  ...Object.entries(all),
];
const schemas = exported.filter((entry): entry is [string, z.ZodType] => entry[1] instanceof z.ZodType);

/** Longer than anything may be. */
const LONG = [Array.from({ length: 10_000 }, () => 'x'), 'x'.repeat(100_000)];

/** The value in place of everything that a schema takes. */
const inputsOf = (schema: z.ZodType): unknown[] =>
  [HOSTILE, ...LONG].flatMap((value) =>
    schema instanceof z.ZodObject
      ? [value, Object.fromEntries(Object.keys(schema.shape).map((key) => [key, value]))]
      : [value],
  );

test('no schema throws, whatever it is given', () => {
  expect(schemas.length).toBeGreaterThan(60);
  const thrown = schemas.flatMap(([name, schema]) =>
    inputsOf(schema).flatMap((input) => {
      try {
        return schema.safeParse(input).success && !LONG.includes(input as string) ? [`${name} takes it`] : [];
      } catch (error) {
        return [`${name}: ${error}`];
      }
    }),
  );
  expect(thrown).toEqual([]);
});
