/** A rule of docs/architecture.md is broken. `check` names the check that found it. */
export class Violation extends Error {
  override readonly name = 'Violation';
  constructor(
    readonly rule: number,
    readonly check: string,
    text: string,
  ) {
    super(`rule ${rule}: ${text}`);
  }
}

export const must: (holds: unknown, rule: number, check: string, text: () => string) => asserts holds = (
  holds,
  rule,
  check,
  text,
) => {
  if (!holds) throw new Violation(rule, check, text());
};

/** What differs first between two values, as `path: a, not b`; null where they are the same. */
export const difference = (actual: unknown, wanted: unknown, path = ''): string | null => {
  if (Object.is(actual, wanted)) return null;
  const both = typeof actual === 'object' && typeof wanted === 'object' && actual && wanted;
  if (!both) return `${path || 'it'} is ${show(actual)}, not ${show(wanted)}`;
  const keys = new Set([...Object.keys(actual), ...Object.keys(wanted)]);
  for (const key of keys) {
    const [a, b] = [actual, wanted].map((value) => (value as Record<string, unknown>)[key]);
    const found = difference(a, b, path ? `${path}.${key}` : key);
    if (found) return found;
  }
  return null;
};

const show = (value: unknown) => {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
};
