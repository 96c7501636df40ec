import type { Message, SystemEvent } from '@lockstep/protocol';

/** A row of `message` as pg gives it. */
export interface MessageRow {
  conversation_id: string;
  seq: number;
  rev: number;
  sender_id: string;
  client_id: string;
  body: string | null;
  system: SystemEvent | null;
  created_at: Date;
  edited_at: Date | null;
  recalled_at: Date | null;
}

export const MESSAGE_COLUMNS =
  'm.conversation_id, m.seq, m.rev, m.sender_id, m.client_id, m.body, m.system, m.created_at, m.edited_at, m.recalled_at';

export const toMessage = (row: MessageRow): Message => ({
  conversationId: row.conversation_id,
  seq: row.seq,
  rev: row.rev,
  senderId: row.sender_id,
  clientId: row.client_id,
  body: row.body,
  system: row.system,
  createdAt: row.created_at.getTime(),
  editedAt: row.edited_at?.getTime() ?? null,
  recalledAt: row.recalled_at?.getTime() ?? null,
});
