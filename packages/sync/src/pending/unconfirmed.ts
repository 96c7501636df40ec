import type { Model } from '../model.ts';
import type { PersonalChange } from '../ports.ts';
import { ids, isCommand } from './command.ts';

type Commands = Pick<Model, 'commands'>;

/** The read position that the server has not confirmed; null where there is none. */
export const unconfirmedRead = ({ commands }: Commands, conversationId: string): number | null => {
  const command = commands.get(ids.read(conversationId));
  return isCommand(command, 'read') ? command.args.seq : null;
};

/** What is personal about a conversation and not confirmed by the server. */
export const unconfirmedPersonal = (
  { commands }: Commands,
  conversationId: string,
): PersonalChange | null => {
  const command = commands.get(ids.personal(conversationId));
  return isCommand(command, 'personal') ? command.args.change : null;
};
