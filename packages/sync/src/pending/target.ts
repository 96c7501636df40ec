import { isRecalled, LIMITS, LockstepError, type Message, withAnnotations } from '@lockstep/protocol';
import type { Model } from '../model.ts';
import { type Command, isChange, type MessageChange, type Target } from './command.ts';
import type { SendPort } from './handler.ts';

interface OfMessage {
  readonly conversationId: string;
  readonly target: Target;
}

/** A message that is itself pending has no `seq` yet. One that was refused is not waited for: it has none to come. */
export const isStored = (model: Model, { target }: OfMessage): boolean => {
  const message = target.seq === null && model.commands.get(target.clientId ?? '');
  return !message || message.state === 'failed';
};

/** Rejects with `not_found` if the message cannot be found. */
export const seqOf = async (
  { model, transport }: SendPort,
  { conversationId, target }: OfMessage,
): Promise<number> => {
  if (target.seq !== null && target.clientId !== null) {
    await checkTarget({ transport, model }, conversationId, target.seq, target.clientId);
    return target.seq;
  }
  const held = target.seq ?? seqIn(model, conversationId, target.clientId);
  if (held !== null) return held;
  // Another tab has sent it, so it is one of the newest.
  const { messages } = await transport.before(conversationId, null, LIMITS.page);
  const seq = ownSeq(model, messages, target.clientId);
  if (seq === null) throw new LockstepError('not_found');
  return seq;
};

/**
 * Rejects with `not_found` if another message has this place: the server was restored from a backup that was older, and
 * what was meant is not there any more.
 */
const checkTarget = async (
  { model, transport }: Pick<SendPort, 'model' | 'transport'>,
  conversationId: string,
  seq: number,
  clientId: string,
): Promise<void> => {
  const isIt = (message: Message) => message.seq === seq;
  const known = model.timelines.get(conversationId)?.messages.find(isIt);
  const there = known ?? (await transport.before(conversationId, seq + 1, 1)).messages.find(isIt);
  if (there?.clientId !== clientId) throw new LockstepError('not_found');
};

export const clientIdIn = (model: Model, conversationId: string, seq: number): string | null =>
  model.timelines.get(conversationId)?.messages.find((m) => m.seq === seq)?.clientId ?? null;

export const seqIn = (model: Model, conversationId: string, clientId: string | null): number | null =>
  ownSeq(model, model.timelines.get(conversationId)?.messages ?? [], clientId);

const ownSeq = ({ me }: Model, messages: readonly Message[], clientId: string | null): number | null =>
  messages.find((m) => m.clientId === clientId && m.senderId === me.userId)?.seq ?? null;

/** Unconfirmed edits and recalls in a conversation, in order. */
export const changesOf = ({ changes }: Pick<Model, 'changes'>, conversationId: string) =>
  changes.get(conversationId) ?? NO_CHANGES;

const NO_CHANGES: readonly MessageChange[] = [];

/** Of a message that is not known to be stored. */
export const isWaitingFor = (command: Command, clientId: string): command is MessageChange =>
  isChange(command) && command.args.target.seq === null && command.args.target.clientId === clientId;

/** What is to be done to a message of this person's once that is sent. */
export const dependentsOf = (
  model: Pick<Model, 'changes'>,
  conversationId: string,
  clientId: string,
): MessageChange[] => changesOf(model, conversationId).filter((change) => isWaitingFor(change, clientId));

export const isAbout = (
  { args: { target } }: MessageChange,
  { seq, clientId }: Pick<Message, 'seq' | 'clientId'>,
) => (target.seq === null ? target.clientId === clientId : target.seq === seq);

type Changeable = Pick<
  Message,
  'seq' | 'clientId' | 'state' | 'body' | 'annotations' | 'system' | 'recalledAt'
>;

/** As the server leaves a message that is taken back. */
const RECALLED = { state: 'recalled', body: null, content: undefined, annotations: undefined } as const;

/** A message with the user's pending edits and recalls; refused ones are not shown. */
export const withChanges = <M extends Changeable>(message: M, changes: readonly MessageChange[]): M => {
  let next = message;
  for (const change of changes) {
    if (change.state === 'failed' || !isAbout(change, message) || isRecalled(next)) continue;
    if (change.name === 'recall') next = { ...next, ...RECALLED, recalledAt: change.at };
    else if (change.name === 'annotate')
      next = { ...next, annotations: withAnnotations(next.annotations, change.args.shows) };
    else if (change.args.body !== next.body) next = { ...next, body: change.args.body };
  }
  return next;
};
