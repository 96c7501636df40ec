import { withKey } from '../maps.ts';
import type { Model } from '../model.ts';
import { type Command, type CommandOf, ids, isCommand, makeCommand } from './command.ts';
import { entryOf, type Handler } from './handler.ts';
import {
  applyServerDraft,
  draftOf,
  type LocalDraft,
  mergeLocalDrafts,
  withAnswer,
  withTried,
} from './local-draft.ts';
import { withRow } from './rows.ts';

const DEBOUNCE_MS = 1_000;
/** The longest time between two writes while the user types without a pause, in ms. */
const MAX_DELAY_MS = 5_000;

/**
 * The text of a composer, based on a version of the server's draft. Texts of two devices or tabs are merged
 * (local-draft.ts), so the text is in `drafts`, and also here while the server does not have it.
 */
export const draft: Handler<'draft'> = {
  key: ({ conversationId }) => ids.draft(conversationId),
  combine: (own, stored) => mergeLocalDrafts(own, draftOf(stored)),
  delay: () => [DEBOUNCE_MS, MAX_DELAY_MS],
  spacingMs: DEBOUNCE_MS,
  isReady: (model, { args }) => model.entries.has(args.conversationId),
  applyLocally: (model, { id, args }) => {
    if (!model.commands.has(id)) return model;
    const next = { ...model, drafts: withKey(model.drafts, args.conversationId, args) };
    return args.pending ? next : withRow(next, id, null);
  },
  outgoing: withTried,
  send: async ({ args: { conversationId, text, version } }, { transport }) =>
    transport.draft(conversationId, text, version),
  settle: (now, sent, answer) => {
    const server = entryOf(answer)?.draft ?? null;
    if ('stored' in answer && answer.stored) return withAnswer(now, server, sent.text);
    const known = server?.version ?? 0;
    // The server can only have an older version if it was restored from a backup: start again from its version.
    if (sent.version > known)
      return applyServerDraft({ ...now, version: known - 1 }, now.conversationId, server) ?? now;
    return now;
  },
  // The settled draft arrives with the inbox entry.
  canRemove: () => false,
  refused: (code) => (code === 'not_found' ? 'check' : 'keep'),
};

/** The row of the draft. A refused text is not sent again until it is changed. */
export const draftCommand = (args: LocalDraft, held?: Command | undefined): CommandOf<'draft'> => {
  const id = ids.draft(args.conversationId);
  if (!isCommand(held, 'draft')) return makeCommand('draft', id, id, args, args.changedAt);
  const changed = held.state === 'failed' && held.args.text !== args.text;
  return changed ? { ...held, args, state: 'pending', error: null } : { ...held, args };
};

/** Sets a draft, and its command if the server does not have the text yet. */
export const withDraft = (model: Model, args: LocalDraft): Model => {
  if (model.drafts.get(args.conversationId) === args) return model;
  const command = draftCommand(args, model.commands.get(ids.draft(args.conversationId)));
  return draft.applyLocally(withRow(model, command.id, command), command);
};
