import { countBefore } from '../maps.ts';
import type { OutboxItem } from '../types.ts';
import { type CommandOf, inOrder, isCommand } from './command.ts';
import { type Handler, messagesKey } from './handler.ts';

/** A message, under one client id until the server has it (rule 2). */
export const send: Handler<'send'> = {
  key: messagesKey,
  applyLocally: (model, { id }) => {
    const command = model.commands.get(id);
    const outbox = [...model.outbox];
    const held = outbox.findIndex((item) => item.clientId === id);
    if (held >= 0) outbox.splice(held, 1);
    if (isCommand(command, 'send')) {
      // Only this item moves, so that a long outbox is not sorted again for each change.
      const isBefore = ({ clientId }: OutboxItem) => {
        const other = model.commands.get(clientId);
        return other !== undefined && inOrder(other, command) < 0;
      };
      outbox.splice(countBefore(outbox, isBefore), 0, itemOf(command));
    }
    return { ...model, outbox };
  },
  send: async ({ id, args: { conversationId, ...written } }, { transport }) => ({
    message: await transport.send(conversationId, id, written),
  }),
  settle: () => null,
  refused: () => 'keep',
};

const items = new WeakMap<CommandOf<'send'>, OutboxItem>();

/** The same object for the same command, so that nothing is drawn anew. */
const itemOf = (command: CommandOf<'send'>): OutboxItem => {
  const { id: clientId, args, at: createdAt, state, error } = command;
  const item = items.get(command) ?? { clientId, ...args, createdAt, state, error };
  items.set(command, item);
  return item;
};
