import { LIMITS, LockstepError, type Message } from '@lockstep/protocol';
import type { Model } from '../model.ts';
import { type Command, conversationOf, inOrder, type Target } from './command.ts';
import type { SendPort } from './handler.ts';

interface OfMessage {
  readonly conversationId: string;
  readonly target: Target;
}

/** A message that is itself pending has no `seq` yet. */
export const isStored = (model: Model, { target }: OfMessage): boolean =>
  target.seq !== null || target.clientId === null || !model.commands.has(target.clientId);

/** Rejects with `not_found` if the message cannot be found. */
export const seqOf = async (
  { model, transport }: SendPort,
  { conversationId, target }: OfMessage,
): Promise<number> => {
  const held = target.seq ?? seqIn(model, conversationId, target.clientId);
  if (held !== null) return held;
  // Another tab has sent it, so it is one of the newest.
  const { messages } = await transport.before(conversationId, null, LIMITS.page);
  const seq = ownSeq(model, messages, target.clientId);
  if (seq === null) throw new LockstepError('not_found');
  return seq;
};

export const seqIn = (model: Model, conversationId: string, clientId: string | null): number | null =>
  ownSeq(model, model.timelines.get(conversationId)?.messages ?? [], clientId);

const ownSeq = ({ me }: Model, messages: readonly Message[], clientId: string | null): number | null =>
  messages.find((m) => m.clientId === clientId && m.senderId === me.userId)?.seq ?? null;

/** Unconfirmed edits and recalls in a conversation, in order. */
export const changesOf = (commands: Iterable<Command>, conversationId: string) =>
  [...commands]
    .filter(isChange)
    .filter((command) => conversationOf(command) === conversationId)
    .sort(inOrder);

export type MessageChange = Extract<Command, { name: 'edit' | 'recall' }>;

const isChange = (command: Command): command is MessageChange =>
  command.name === 'edit' || command.name === 'recall';

/** Of a message that is not known to be stored. */
export const isWaitingFor = (command: Command, clientId: string): command is MessageChange =>
  isChange(command) && command.args.target.seq === null && command.args.target.clientId === clientId;

export const isAbout = (
  { args: { target } }: MessageChange,
  { seq, clientId }: Pick<Message, 'seq' | 'clientId'>,
) => (target.seq === null ? target.clientId === clientId : target.seq === seq);

/** A message with the user's pending edits and recalls; refused ones are not shown. */
export const withChanges = <M extends Pick<Message, 'seq' | 'clientId' | 'body' | 'recalledAt'>>(
  message: M,
  changes: readonly MessageChange[],
): M => {
  let next = message;
  for (const change of changes) {
    if (change.state === 'failed' || !isAbout(change, message) || next.body === null) continue;
    if (change.name === 'recall') next = { ...next, body: null, recalledAt: change.at };
    else if (change.args.body !== next.body) next = { ...next, body: change.args.body };
  }
  return next;
};
