import { countBefore, withKey, withoutKey } from '../maps.ts';
import type { Model } from '../model.ts';
import { type Command, conversationOf, inOrder, isChange, isWaiting } from './command.ts';

/** Commands in their order, by what they have in common. */
type Lists<C extends Command = Command> = ReadonlyMap<string, readonly C[]>;

/**
 * Puts a command among those of the model, or with null takes it away. What is asked of them with each message is kept in
 * lists beside them: with thousands that wait, nobody walks through all.
 */
export const withRow = (model: Model, id: string, command: Command | null): Model => {
  const held = model.commands.get(id) ?? null;
  if (held === command) return model;
  const listed = <C extends Command>(lists: Lists<C>, of: (one: Command) => string | null) =>
    relisted(lists as Lists, of, held, command) as Lists<C>;
  return {
    ...model,
    commands: command ? withKey(model.commands, id, command) : withoutKey(model.commands, id),
    changes: listed(model.changes, (one) => (isChange(one) ? one.args.conversationId : null)),
    waiting: listed(model.waiting, (one) => (isWaiting(one) ? one.key : null)),
    stored: listed(model.stored, (one) => (one.storedRev === null ? null : conversationOf(one))),
  };
};

const relisted = (
  lists: Lists,
  of: (one: Command) => string | null,
  held: Command | null,
  next: Command | null,
): Lists => {
  const [from, to] = [held && of(held), next && of(next)];
  let result = lists;
  if (held && from !== null) {
    const others = spliced(result.get(from) ?? [], held, 1);
    result = others.length > 0 ? withKey(result, from, others) : withoutKey(result, from);
  }
  return next && to !== null ? withKey(result, to, spliced(result.get(to) ?? [], next, 0, next)) : result;
};

/** At the place of a command: so many taken away, and others put in. */
const spliced = (
  list: readonly Command[],
  at: Command,
  gone: number,
  ...more: Command[]
): readonly Command[] => {
  const place = countBefore(list, (one) => inOrder(one, at) < 0);
  return [...list.slice(0, place), ...more, ...list.slice(place + gone)];
};
