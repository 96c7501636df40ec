import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The sources of the product by path from the root. */
const sources = new Map(
  ['packages', 'apps', 'scripts'].flatMap((group) =>
    readdirSync(join(root, group), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name))
      .filter((name) => !/(^|\/)(node_modules|generated|test|\.next)\//.test(name))
      .map((name) => {
        const path = join(root, group, name);
        return [relative(root, path), readFileSync(path, 'utf8')] as const;
      }),
  ),
);

const filesWith = (pattern: RegExp) =>
  [...sources].filter(([, text]) => pattern.test(text)).map(([path]) => path);

const KIND = /kind\s*(?:[!=]==?|=|<>|in)\s*\(?\s*'(?:direct|group|channel)'/;
const HAS_NOT_LEFT = /left_rev\s+is\s+null/i;

it('no code compares the kind of a conversation: it asks for a trait (protocol: rules/kinds.ts), in SQL with `kindHas`', () => {
  expect(KIND.test(`c.kind <> 'channel'`) && KIND.test(`kind !== 'direct'`)).toBe(true);
  expect(sources.size).toBeGreaterThan(500);
  expect(filesWith(KIND)).toEqual([]);
});

it('current membership is read from the view `active_member`; only code about leaving reads `left_rev`', () => {
  expect(filesWith(HAS_NOT_LEFT).sort()).toEqual([
    'packages/db/src/conversations/transaction.ts',
    'packages/db/src/inbox/fanout.ts',
  ]);
});
