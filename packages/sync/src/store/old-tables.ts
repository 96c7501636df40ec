import type { ErrorCode } from '@lockstep/protocol';
import { type Command, ids, makeCommand } from '../pending/command.ts';
import { messagesKey, personalKey } from '../pending/handler.ts';
import { draftOf, type LocalDraft } from '../pending/local-draft.ts';

/** What a command was before version 2, by the table it was in; the values are their keys. */
export const OLD_TABLES = {
  outbox: 'clientId',
  drafts: 'conversationId',
  personal: 'conversationId',
  reading: 'conversationId',
} as const;

type Tables = { readonly [N in keyof typeof OLD_TABLES]?: readonly unknown[] };

/** Converts these records into commands; invalid records are left out. */
export const commandsIn = ({ outbox = [], drafts = [], personal = [], reading = [] }: Tables): Command[] => [
  ...outbox.flatMap(asSend),
  ...drafts.flatMap(asDraft),
  ...reading.flatMap(asRead),
  ...personal.flatMap(asPersonal),
];

const isText = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

const asSend = (value: unknown): Command[] => {
  const { clientId, conversationId, body, createdAt, order, state, error } = value as Record<string, unknown>;
  if (!isText(clientId) || !isText(conversationId) || !isText(body) || !isNumber(createdAt)) return [];
  const position = isNumber(order) ? order : createdAt;
  const args = { conversationId, body };
  const command = makeCommand('send', clientId, messagesKey(args), args, position, createdAt);
  return [state === 'failed' && isText(error) ? { ...command, state, error: error as ErrorCode } : command];
};

const asDraft = (value: unknown): Command[] => {
  const record = value as LocalDraft;
  const { conversationId, text, version, pending, conflict, changedAt } = record;
  if (!isText(conversationId) || !isText(text) || !isNumber(version)) return [];
  const at = isNumber(changedAt) ? changedAt : 0;
  const checked = { pending: pending !== false, conflict: conflict === true, changedAt: at };
  const id = ids.draft(conversationId);
  return [makeCommand('draft', id, id, draftOf({ ...record, ...checked }), at)];
};

/** Before the other personal fields, because the server clears "marked as unread" with it. */
const asRead = (value: unknown): Command[] => {
  const { conversationId, seq } = value as Record<string, unknown>;
  if (!isText(conversationId) || !isNumber(seq)) return [];
  const args = { conversationId, seq };
  return [makeCommand('read', ids.read(conversationId), personalKey(args), args, 0)];
};

const asPersonal = (value: unknown): Command[] => {
  const { conversationId, change, changedAt } = value as Record<string, unknown>;
  if (!isText(conversationId) || typeof change !== 'object' || change === null) return [];
  const args = { conversationId, change };
  const at = isNumber(changedAt) ? changedAt : 1;
  return [makeCommand('personal', ids.personal(conversationId), personalKey(args), args, Math.max(1, at))];
};
