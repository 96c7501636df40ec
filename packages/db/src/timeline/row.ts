import type { Annotations, Content, Message, MessageState, SystemEvent } from '@lockstep/protocol';

// The one mapping from a row to a message: whoever reads messages selects these columns and maps them here.

/** A row of `message` as pg gives it. */
export interface MessageRow {
  conversation_id: string;
  seq: number;
  rev: number;
  /** Null where it is `rev`. */
  text_rev: number | null;
  sender_id: string;
  client_id: string;
  state: MessageState;
  body: string | null;
  content: Content | null;
  annotations: Annotations | null;
  system: SystemEvent | null;
  created_at: Date;
  edited_at: Date | null;
  recalled_at: Date | null;
}

const NAMES: readonly (keyof MessageRow)[] = [
  ...(['conversation_id', 'seq', 'rev', 'text_rev', 'sender_id', 'client_id', 'state', 'body'] as const),
  ...(['content', 'annotations', 'system', 'created_at', 'edited_at', 'recalled_at'] as const),
];

export const MESSAGE_COLUMNS = NAMES.map((name) => `m.${name}`).join(', ');

/** SQL: whether the message `m` has a text, and with which `rev` that last changed. */
export const HAS_TEXT = 'm.body is not null';
export const TEXT_REV = 'coalesce(m.text_rev, m.rev)';

export const toMessage = (row: MessageRow): Message => {
  const message: Message = {
    conversationId: row.conversation_id,
    seq: row.seq,
    rev: row.rev,
    senderId: row.sender_id,
    clientId: row.client_id,
    state: row.state,
    body: row.body,
    system: row.system,
    createdAt: row.created_at.getTime(),
    editedAt: row.edited_at?.getTime() ?? null,
    recalledAt: row.recalled_at?.getTime() ?? null,
  };
  if (row.text_rev !== null) message.textRev = row.text_rev;
  if (row.content !== null) message.content = row.content;
  if (row.annotations !== null) message.annotations = row.annotations;
  return message;
};

/**
 * The same of a message that stands in a row beside something else: its columns under names with a prefix, and back. Each
 * row of an inbox goes through it, so nothing is looped over and the object has its shape at once.
 */
export const prefixed = (alias: string, prefix: string) => {
  const names = NAMES.map((name) => [name, prefix + name] as const);
  const own = Object.fromEntries(names) as Record<keyof MessageRow, string>;
  return {
    columns: names.map(([name, as]) => `${alias}.${name} as ${as}`).join(', '),
    /** Null where there is no message. */
    message: (row: object): Message | null => {
      const of = row as Record<string, unknown>;
      if (of[own.seq] === null) return null;
      const columns: Record<keyof MessageRow, unknown> = {
        conversation_id: of[own.conversation_id],
        seq: of[own.seq],
        rev: of[own.rev],
        text_rev: of[own.text_rev],
        sender_id: of[own.sender_id],
        client_id: of[own.client_id],
        state: of[own.state],
        body: of[own.body],
        content: of[own.content],
        annotations: of[own.annotations],
        system: of[own.system],
        created_at: of[own.created_at],
        edited_at: of[own.edited_at],
        recalled_at: of[own.recalled_at],
      };
      return toMessage(columns as MessageRow);
    },
  };
};

/** A row that came as JSON (`to_jsonb`), where times are texts. */
type JsonRow = { [K in keyof MessageRow]: MessageRow[K] extends Date | null ? string | null : MessageRow[K] };
export type MessageJson = JsonRow & { created_at: string };

export const messageFromJson = (row: MessageJson): Message =>
  toMessage({
    ...row,
    created_at: new Date(row.created_at),
    edited_at: row.edited_at === null ? null : new Date(row.edited_at),
    recalled_at: row.recalled_at === null ? null : new Date(row.recalled_at),
  });

/** For a column of `jsonb`: null where there is nothing in it. */
export const jsonOrNull = (value: object | null | undefined): string | null =>
  value && Object.keys(value).length > 0 ? JSON.stringify(value) : null;
