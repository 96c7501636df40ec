import type { Model } from '../model.ts';
import { annotate } from './annotate.ts';
import { type Command, type CommandName, conversationOf } from './command.ts';
import { draft } from './draft.ts';
import { edit } from './edit.ts';
import type { AnyHandler, Handler } from './handler.ts';
import { personal } from './personal.ts';
import { read } from './read.ts';
import { recall } from './recall.ts';
import { withRow } from './rows.ts';
import { search } from './search.ts';
import { send } from './send.ts';

/** A command is added here, and in CommandArgs. */
const HANDLERS: { readonly [N in CommandName]: Handler<N> } = {
  send,
  edit,
  recall,
  annotate,
  read,
  personal,
  draft,
  search,
};

export const handlerOf = (name: CommandName): AnyHandler => HANDLERS[name];

/** A tab of a newer version may have written others to the disk: they stay there for it. */
export const isOurs = ({ name }: Command): boolean => Object.hasOwn(HANDLERS, name);

/** Puts a command in place, or with null takes it away; what is shown follows. */
export const withCommand = (model: Model, id: string, command: Command | null): Model => {
  const held = model.commands.get(id);
  const touched = command ?? held;
  if (!touched || command === held) return model;
  return handlerOf(touched.name).applyLocally(withRow(model, id, command), touched);
};

export const withoutCommands = (model: Model, ids: Iterable<string>): Model => {
  let next = model;
  for (const id of ids) next = withCommand(next, id, null);
  return next;
};

export const commandsOf = (model: Model, conversationId: string): Command[] =>
  [...model.commands.values()].filter((command) => conversationOf(command) === conversationId);
