import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { evaluate, type Scrapes } from '@lockstep/testing/prometheus';
import { parse } from 'yaml';

interface Rule {
  alert: string;
  expr: string;
  for?: string;
  labels: { severity: string };
  annotations: { summary: string; description: string };
}

export const read = (file: string) =>
  readFileSync(fileURLToPath(new URL(`../../../../${file}`, import.meta.url)), 'utf8');

export const RULES: Rule[] = parse(read('deploy/prometheus-alerts.yml')).groups.flatMap(
  ({ rules }: { rules: Rule[] }) => rules,
);

/**
 * The alerts whose expression holds at the last scrape: Prometheus fires them when that has lasted for their `for`.
 */
export const firing = (scrapes: Scrapes): string[] =>
  RULES.filter(({ expr }) => {
    const value = evaluate(expr, scrapes);
    return typeof value !== 'number' && value.length > 0;
  }).map(({ alert }) => alert);
