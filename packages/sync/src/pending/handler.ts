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
 * All that is special about the commands of one name. How they are stored, shared with other tabs, put in order, sent and
 * sent again is the same for all: table.ts and queue.ts.
 */
export interface Handler<N extends CommandName> {
  /** Commands of one key go out one at a time and in their order. */
  key(args: CommandArgs[N]): string;
  /** Where one of the same id waits: what both together say (rule 13). */
  merge?(held: CommandOf<N>, next: CommandArgs[N]): CommandArgs[N];
  /** What this tab knows of a command and what another has stored of it, where neither replaces the other. */
  combine?(own: CommandArgs[N], stored: CommandArgs[N]): CommandArgs[N];
  /** From the last change to the sending, and from the first at the latest, in ms. Left out: at once. */
  delay?(args: CommandArgs[N]): readonly [ms: number, mostMs?: number];
  /** From one sending to the next of the same key, in ms. */
  readonly spacingMs?: number;
  /** Of who is no member any more nothing of it is kept. */
  readonly endsWithMembership?: true;
  /** Whether it may go out now. */
  isReady?(model: Model, command: CommandOf<N>): boolean;
  /** The model with what is shown of this command: after it was given, changed, or went. */
  applyLocally(model: Model, command: CommandOf<N>): Model;
  /** As it goes out, where the other tabs have to know that before its answer comes. */
  outgoing?(args: CommandArgs[N]): CommandArgs[N];
  /** Rejects as the call does. */
  send(command: CommandOf<N>, port: SendPort): Promise<Answer>;
  /** What is left to send of `now`, once the server has answered to `sent`; null: nothing. */
  settle(now: CommandArgs[N], sent: CommandArgs[N], answer: Answer): CommandArgs[N] | null;
  /** As it stands for until the window shows what has become of it. */
  stored?(args: CommandArgs[N], answer: Answer): CommandArgs[N];
  /** It is not in the table any more, because another tab has settled it. Left out: it goes from this tab too. */
  canRemove?(model: Model, command: CommandOf<N>): boolean;
  /**
   * The server does not take it. `keep`: it stays as failed, for its person to decide. `drop`: it is taken back. `check`:
   * it is sent again, should its person turn out to be a member still.
   */
  refused(code: ErrorCode): 'keep' | 'drop' | 'check';
}

/** Any of them: which args belong to which name is for the registry to know. */
export type AnyHandler = Handler<CommandName>;
export type AnyArgs = CommandArgs[CommandName];

export const messageOf = (answer: Answer) => ('message' in answer ? answer.message : null);
export const entryOf = (answer: Answer) => ('entry' in answer ? answer.entry : null);

/** Of one conversation's messages: sent, edited and recalled in the order in which their person did so. */
export const messagesKey = ({ conversationId }: { conversationId: string }) => `messages ${conversationId}`;
/** Reading and what else is personal: "mark as unread" must not overtake the reading before it, nor this the other. */
export const personalKey = ({ conversationId }: { conversationId: string }) => `personal ${conversationId}`;
