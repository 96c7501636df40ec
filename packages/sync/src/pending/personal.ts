import type { PersonalChange } from '../ports.ts';
import { shown } from '../shown.ts';
import { type Handler, personalKey } from './handler.ts';

/** The last viewed message changes with every scroll. */
const LAST_VIEWED_MS = 2_000;

/** Muted, pinned, archived, marked as unread, last viewed: only the last value of each is sent (rule 13). */
export const personal: Handler<'personal'> = {
  key: personalKey,
  endsWithMembership: true,
  merge: (held, next) => ({ ...next, change: { ...held.args.change, ...next.change } }),
  delay: ({ change }) => [Object.keys(change).join() === 'placeSeq' ? LAST_VIEWED_MS : 0],
  applyLocally: (model, { args }) => shown(model, args.conversationId),
  send: async ({ args }, { transport }) => ({
    entry: await transport.personal(args.conversationId, args.change),
  }),
  // Fields changed again in the meantime still have to be sent.
  settle: (now, sent) => withChange(now, ([key, value]) => sent.change[key] !== value),
  refused: (code) => (code === 'not_found' ? 'check' : 'drop'),
};

type Field = keyof PersonalChange;

const withChange = <A extends { change: PersonalChange }>(
  args: A,
  isLeft: (field: [Field, PersonalChange[Field]]) => boolean,
): A | null => {
  const left = (Object.entries(args.change) as [Field, PersonalChange[Field]][]).filter(isLeft);
  if (left.length === 0) return null;
  return left.length === Object.keys(args.change).length
    ? args
    : { ...args, change: Object.fromEntries(left) };
};

/** Reading clears "marked as unread", also one that is not sent yet. */
export const withoutMark = <A extends { change: PersonalChange }>(args: A): A | null =>
  withChange(args, ([key]) => key !== 'markedUnread');
