import { LIMITS, type SavedSearch } from '@lockstep/protocol';
import type { Model } from '../model.ts';
import type { RememberedSearches } from '../types.ts';
import { inOrder, isCommand } from './command.ts';
import type { Handler } from './handler.ts';

/** What is remembered of this person's searches. The server keeps the limits; its answer has all of them. */
export const search: Handler<'search'> = {
  key: () => 'searches',
  applyLocally: (model) => withSearches(model, model.knownSearches),
  send: async ({ args }, { searches }) => {
    if (!searches) throw new Error('this device remembers no searches');
    return { searches: await searches.change(args) };
  },
  settle: () => null,
  refused: () => 'keep',
};

/**
 * The model with these as the server's. Pending changes are shown as the server will store them (packages/db does the
 * same).
 */
export const withSearches = (model: Model, known: readonly SavedSearch[]): Model => {
  const all = new Map(known.map((one) => [one.text, one]));
  const put = (text: string, change: Partial<SavedSearch>) =>
    all.set(text, { ...(all.get(text) ?? { text, name: null, usedAt: null, savedAt: null }), ...change });
  const waiting = [...model.commands.values()].filter((command) => isCommand(command, 'search'));
  for (const { args, at, state } of waiting.sort(inOrder)) {
    if (state === 'failed') continue;
    if (args.do === 'note') put(args.text, { usedAt: at });
    else if (args.do === 'save')
      put(args.text, { name: args.name, savedAt: all.get(args.text)?.savedAt ?? at });
    else if (args.do === 'unsave') put(args.text, { name: null, savedAt: null });
    else
      for (const text of args.text === undefined ? [...all.keys()] : [args.text]) put(text, { usedAt: null });
  }
  return { ...model, knownSearches: known, searches: rememberedOf([...all.values()]) };
};

const rememberedOf = (all: readonly SavedSearch[]): RememberedSearches => {
  const by = (key: 'usedAt' | 'savedAt') =>
    all.filter((one) => one[key] !== null).sort((a, b) => (b[key] ?? 0) - (a[key] ?? 0));
  return { recent: by('usedAt').slice(0, LIMITS.recentSearches), saved: by('savedAt').reverse() };
};
