// biome-ignore lint/style/noRestrictedImports: this is where everybody else takes it from
import { useTranslations as usePlainTranslations } from 'next-intl';
import { isolated } from '../lib/isolated.ts';

type Values = Record<string, unknown>;
type Format = (key: string, values?: Values, formats?: unknown) => unknown;
type Translator = Format & { rich: Format; markup: Format; raw: Format; has: Format };

const isolatedValues = (values: Values | undefined): Values | undefined =>
  values &&
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, typeof value === 'string' ? isolated(value) : value]),
  );

const withIsolation = (t: Translator): Translator => {
  const isolating =
    (format: Format): Format =>
    (key, values, formats) =>
      format(key, isolatedValues(values), formats);
  return Object.assign(isolating(t), {
    rich: isolating(t.rich),
    markup: isolating(t.markup),
    raw: t.raw,
    has: t.has,
  });
};

/** The same function for the same messages, as it is with next-intl: effects may depend on it. */
const known = new WeakMap<Translator, Translator>();

/**
 * The translations of the interface. Values in a sentence are direction-isolated (lib/isolated.ts), so that a Hebrew
 * name does not reorder the English text around it.
 */
export const useTranslations = ((namespace?: never) => {
  const t = usePlainTranslations(namespace) as unknown as Translator;
  const made = known.get(t) ?? withIsolation(t);
  known.set(t, made);
  return made;
}) as unknown as typeof usePlainTranslations;

/** The same for a text that leaves the page, as over the clipboard: without invisible signs. */
export { usePlainTranslations };
