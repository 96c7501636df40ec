import { MESSAGE_COLUMNS, type MessageRow, type Queryable, toMessage } from '@lockstep/db';
import type { HistoryState, Message } from '@lockstep/protocol';
import type { Key } from '../port.ts';
import { after, inArray, isDirect, Params, time } from '../postgres/conditions.ts';
import { fits } from '../query/fits.ts';
import type { Plan } from '../query/plan.ts';
import { gramConditions } from './grams.ts';

/** The newest earlier texts that are looked at one by one before the index is asked. */
const NEWEST = 500;
/** Earlier texts that are read at a time then. */
const CHUNK = 2_000;

export interface EarlierHit {
  /** As it stands now. */
  message: Message;
  version: number;
  /** The newest of its earlier texts that fits. */
  body: string;
}

export interface EarlierHits {
  hits: EarlierHit[];
  more: boolean;
}

/**
 * Messages of which an earlier text fits, newest first, and whether there are more. The newest are looked at one by one,
 * which is enough for what is frequent; the rest is found by pairs of characters, and looked at then. Messages whose
 * present text fits as well are left out.
 */
export const findEarlier = async (
  client: Queryable,
  plan: Plan,
  state: HistoryState,
  before: Key | null,
  limit: number,
): Promise<EarlierHits> => {
  const hits: EarlierHit[] = [];
  let from = before;
  for (let first = true; ; first = false) {
    const most = first ? NEWEST : CHUNK;
    const rows = await read(client, plan, state, from, most, !first);
    for (const group of byMessage(rows)) {
      const hit = fittingIn(group, plan);
      if (!hit) continue;
      if (hits.length === limit) return { hits, more: true };
      hits.push(hit);
    }
    const last = rows.at(-1);
    if (!last || rows.length < most) return { hits, more: false };
    from = { at: last.created_at.getTime(), conversationId: last.conversation_id, seq: last.seq };
  }
};

type Row = MessageRow & { version: number; text: string };

/** The next `most` that may fit, all versions of the last message too. With `byGrams` only those that have the words. */
const read = async (
  client: Queryable,
  plan: Plan,
  state: HistoryState,
  before: Key | null,
  most: number,
  byGrams: boolean,
): Promise<Row[]> => {
  const params = new Params();
  const { indexed, plain } = byGrams ? gramConditions(plan, params) : { indexed: [], plain: [] };
  const { from, to } = plan.range;
  const conditions = [
    ...indexed,
    ...plain,
    ...(before ? [after(before, 'v.sent_at, v.conversation_id, v.seq', params)] : []),
    ...inArray('v.conversation_id', plan.conversations, params),
    ...(Number.isFinite(from) ? [`v.sent_at >= ${time(from, params)}`] : []),
    ...(Number.isFinite(to) ? [`v.sent_at < ${time(to, params)}`] : []),
    ...(plan.direct === null ? [] : [isDirect('v.conversation_id', plan.direct)]),
  ];
  const ofMessage = inArray('m.sender_id', plan.senders, params);
  if (state !== 'all') ofMessage.push(`m.recalled_at is ${state === 'recalled' ? 'not ' : ''}null`);
  const join = 'join message m on m.conversation_id = v.conversation_id and m.seq = v.seq';
  const where = (list: string[]) => (list.length === 0 ? '' : `where ${list.join(' and ')}`);
  const order = 'order by v.sent_at desc, v.conversation_id desc, v.seq desc';
  const page = `${order} fetch first ${most} rows with ties`;
  // Found first and sorted then: by the order of time, Postgres would walk past all that has not got the words.
  const text =
    indexed.length > 0
      ? `with hits as materialized (select v.* from message_version v ${where(conditions)})
       select ${MESSAGE_COLUMNS}, v.version, v.body as text from hits v ${join} ${where(ofMessage)} ${page}`
      : `select ${MESSAGE_COLUMNS}, v.version, v.body as text from message_version v ${join}
       ${where([...conditions, ...ofMessage])} ${page}`;
  return (await client.query<Row>(text, params.values)).rows;
};

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
