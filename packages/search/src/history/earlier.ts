import { MESSAGE_COLUMNS, type MessageRow, type Queryable, toMessage } from '@lockstep/db';
import type { HistoryState, Message } from '@lockstep/protocol';
import type { Key } from '../port.ts';
import { fits } from '../query/fits.ts';
import type { Plan } from '../query/plan.ts';

/** Earlier texts that are read at a time. */
const CHUNK = 2_000;

export interface EarlierHit {
  /** As it stands now. */
  message: Message;
  version: number;
  /** The newest of its earlier texts that fits. */
  body: string;
}

/**
 * Messages of which an earlier text fits, newest first, and whether there are more. Earlier texts are few and in no
 * index: what the statement leaves over is looked at one by one. Those whose present text fits as well are left out.
 */
export const findEarlier = async (
  client: Queryable,
  plan: Plan,
  state: HistoryState,
  before: Key | null,
  limit: number,
): Promise<{ hits: EarlierHit[]; more: boolean }> => {
  const hits: EarlierHit[] = [];
  for (let from = before; ; ) {
    const { rows } = await client.query<MessageRow & { version: number; text: string }>({
      name: 'history-earlier',
      text: `select ${MESSAGE_COLUMNS}, v.version, v.body as text
             from message_version v join message m on m.conversation_id = v.conversation_id and m.seq = v.seq
             where v.body is not null
               and ($1::float8 is null
                 or (m.created_at, m.conversation_id, m.seq) < (to_timestamp($1 / 1000.0), $2::uuid, $3::int))
               and ($4::uuid[] is null or m.conversation_id = any($4)) and m.conversation_id <> all($5::uuid[])
               and ($6::uuid[] is null or m.sender_id = any($6)) and m.sender_id <> all($7::uuid[])
               and m.created_at >= coalesce(to_timestamp($8::float8 / 1000.0), '-infinity')
               and m.created_at < coalesce(to_timestamp($9::float8 / 1000.0), 'infinity')
               and ($10 = 'all' or ($10 = 'recalled') = (m.recalled_at is not null))
               and ($12::boolean is null or $12 = exists (
                 select 1 from conversation c where c.id = m.conversation_id and c.kind = 'direct'))
             order by m.created_at desc, m.conversation_id desc, m.seq desc fetch first $11 rows with ties`,
      values: [
        from?.at ?? null,
        from?.conversationId ?? null,
        from?.seq ?? null,
        plan.conversations.some,
        plan.conversations.none,
        plan.senders.some,
        plan.senders.none,
        Number.isFinite(plan.range.from) ? plan.range.from : null,
        Number.isFinite(plan.range.to) ? plan.range.to : null,
        state,
        CHUNK,
        plan.direct,
      ],
    });
    for (const group of byMessage(rows)) {
      const hit = fittingIn(group, plan);
      if (!hit) continue;
      if (hits.length === limit) return { hits, more: true };
      hits.push(hit);
    }
    const last = rows.at(-1);
    if (!last || rows.length < CHUNK) return { hits, more: false };
    from = { at: last.created_at.getTime(), conversationId: last.conversation_id, seq: last.seq };
  }
};

type Row = MessageRow & { version: number; text: string };

/** Rows of one message stand together. */
const byMessage = (rows: Row[]): Row[][] => {
  const groups: Row[][] = [];
  for (const row of rows) {
    const [first] = groups.at(-1) ?? [];
    if (first?.seq === row.seq && first.conversation_id === row.conversation_id) groups.at(-1)?.push(row);
    else groups.push([row]);
  }
  return groups;
};

const fittingIn = (rows: Row[], plan: Plan): EarlierHit | null => {
  const message = toMessage(rows[0] as Row);
  if (fits(message, plan)) return null;
  const found = rows
    .filter(({ text }) => fits({ ...message, body: text }, plan))
    .sort((a, b) => b.version - a.version)[0];
  return found ? { message, version: found.version, body: found.text } : null;
};
