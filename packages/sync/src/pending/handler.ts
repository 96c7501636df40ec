import type { ErrorCode } from '@lockstep/protocol';
import type { Model } from '../model.ts';
import type { SearchesApi, Transport } from '../ports.ts';
import type { Answer, CommandArgs, CommandName, CommandOf } from './command.ts';

/** What a handler may call. */
export interface SendPort {
  readonly model: Model;
  readonly transport: Transport;
  readonly searches: SearchesApi | null;
}

/**
 * Everything specific to the commands of one name. Storing, sharing with other tabs, ordering, sending and retrying
 * are the same for all commands: table.ts and queue.ts.
 */
export interface Handler<N extends CommandName> {
  /** Commands of one key go out one at a time and in their order. */
  key(args: CommandArgs[N]): string;
  /** Merges with a waiting command of the same id (rule 13). */
  merge?(held: CommandOf<N>, next: CommandArgs[N]): CommandArgs[N];
  /** Merges this tab's version of a command with the stored one, where neither simply replaces the other. */
  combine?(own: CommandArgs[N], stored: CommandArgs[N]): CommandArgs[N];
  /**
   * Debounce: time from the last change to sending, and the longest time from the first change, in ms. Left out: sent
   * immediately.
   */
  delay?(args: CommandArgs[N]): readonly [ms: number, mostMs?: number];
  /** Least time between two sends of the same key, in ms. */
  readonly spacingMs?: number;
  /** Dropped when the user is no longer a member. */
  readonly endsWithMembership?: true;
  /** Whether it may be sent now. */
  isReady?(model: Model, command: CommandOf<N>): boolean;
  /** The model with the effect of this command shown: after it was added, changed or removed. */
  applyLocally(model: Model, command: CommandOf<N>): Model;
  /** The command as sent, if the other tabs need it before the answer arrives. */
  outgoing?(args: CommandArgs[N]): CommandArgs[N];
  /** Rejects as the call does. */
  send(command: CommandOf<N>, port: SendPort): Promise<Answer>;
  /** What remains to be sent of `now` after the server has answered `sent`; null if nothing remains. */
  settle(now: CommandArgs[N], sent: CommandArgs[N], answer: Answer): CommandArgs[N] | null;
  /** The command kept until the window shows its result. */
  stored?(args: CommandArgs[N], answer: Answer): CommandArgs[N];
  /** Another tab has settled it and removed it from the table. If left out, it is removed from this tab too. */
  canRemove?(model: Model, command: CommandOf<N>): boolean;
  /**
   * What happens when the server refuses it. `keep`: it stays as failed and the user decides. `drop`: it is undone.
   * `check`: it is sent again if the user is still a member.
   */
  refused(code: ErrorCode): 'keep' | 'drop' | 'check';
}

/** Any handler; the registry knows which arguments belong to which name. */
export type AnyHandler = Handler<CommandName>;
export type AnyArgs = CommandArgs[CommandName];

export const messageOf = (answer: Answer) => ('message' in answer ? answer.message : null);
export const entryOf = (answer: Answer) => ('entry' in answer ? answer.entry : null);

/** Key for the messages of one conversation: sent, edited and recalled in the user's order. */
export const messagesKey = ({ conversationId }: { conversationId: string }) => `messages ${conversationId}`;
/** Key for read position and personal settings, so that "mark as unread" and reading keep their order. */
export const personalKey = ({ conversationId }: { conversationId: string }) => `personal ${conversationId}`;
