import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plan } from './plan.ts';
import type { Violation } from './violation.ts';

const folder = fileURLToPath(new URL('regressions/', import.meta.url));

/** A run that once broke a rule: it is replayed by the tests for good. */
export interface Kept {
  found: { rule: number; check: string; message: string };
  plan: Plan;
}

/** Writes it to `regressions/`; returns the file, as seen from here. */
export const keep = (plan: Plan, { rule, check, message }: Violation): string => {
  mkdirSync(folder, { recursive: true });
  const name = `rule-${rule}-${check.replaceAll(/[^a-z]+/gi, '-')}-${plan.seed}.json`;
  const kept: Kept = { found: { rule, check, message }, plan };
  writeFileSync(join(folder, name), `${JSON.stringify(kept, null, 1)}\n`);
  return relative(process.cwd(), join(folder, name));
};

/** By the names of their files. */
export const allKept = (): Map<string, Kept> =>
  new Map(
    readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((name) => [name, JSON.parse(readFileSync(join(folder, name), 'utf8')) as Kept]),
  );
