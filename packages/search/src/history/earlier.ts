import { type Budget, MESSAGE_COLUMNS, type MessageRow, type Queryable, toMessage } from '@lockstep/db';
import type { HistoryState, Message } from '@lockstep/protocol';
import { after, inArray, isDirect, Params, time } from '../postgres/conditions.ts';
import { matcherOf } from '../query/fits.ts';
import { type Key, keyOf } from '../query/key.ts';
import type { Plan } from '../query/plan.ts';
import { gramConditions } from './grams.ts';

/** The newest earlier texts that are looked at one by one before the index is asked. */
const NEWEST = 500;
/** Earlier texts that are read at a time then, and of how many bytes together. */
const CHUNK = 1_000;
const CHUNK_BYTES = 4 * 1024 * 1024;

interface EarlierHit {
  /** As it stands now. */
  message: Message;
  version: number;
  /** The newest of its earlier texts that fits. */
  body: string;
}

export interface EarlierHits {
  hits: EarlierHit[];
  more: boolean;
  isCut: boolean;
  /** When it was cut short: nothing older than this was looked at. Null when nothing at all was. */
  end: Key | null;
}

/** Where a page of earlier texts ended. */
type Cursor = Key & { version: number };

/**
 * Messages of which an earlier text fits, newest first, and whether there are more. The newest are looked at one by one,
 * which is enough for what is frequent; the rest is found by pairs of characters, and looked at then. Messages whose
 * present text fits as well are left out. Ends with the budget.
 */
export const findEarlier = async (
  client: Queryable,
  plan: Plan,
  state: HistoryState,
  { before, limit, budget }: { before: Key | null; limit: number; budget: Budget },
): Promise<EarlierHits> => {
  const hits: EarlierHit[] = [];
  const isHit = matcherOf(plan);
  let current: { message: Message; done: boolean } | null = null;
  let end: Key | null = null;
  const take = (row: Row) => {
    if (row.conversation_id !== current?.message.conversationId || row.seq !== current.message.seq) {
      const message = toMessage(row);
      current = { message, done: isHit(message) };
      end = keyOf(message);
    }
    if (current.done || hits.length > limit || !isHit({ ...current.message, body: row.text })) return;
    current.done = true;
    hits.push({ message: current.message, version: row.version, body: row.text });
  };
  let from: Key | Cursor | null = before;
  for (let first = true; ; first = false) {
    const most = first ? NEWEST : CHUNK;
    const part: Part | null = budget.isOver ? null : await readPart(client, plan, state, from, most, !first);
    const isWhole = part !== null && (await budget.each(part.rows, take));
    if (hits.length > limit) return { hits: hits.slice(0, limit), more: true, isCut: false, end: null };
    if (!isWhole) {
      budget.cut();
      return { hits, more: true, isCut: true, end };
    }
    const last: Row | undefined = part.rows.at(-1);
    if (!last || part.isLast) return { hits, more: false, isCut: false, end: null };
    from = {
      at: last.created_at.getTime(),
      conversationId: last.conversation_id,
      seq: last.seq,
      version: last.version,
    };
  }
};

type Row = MessageRow & { version: number; text: string };
interface Part {
  rows: Row[];
  /** There is nothing older. */
  isLast: boolean;
}

/** The next `most` that may fit, the newest text of a message first. With `byGrams` only those that have the words. */
const readPart = async (
  client: Queryable,
  plan: Plan,
  state: HistoryState,
  before: Key | Cursor | null,
  most: number,
  byGrams: boolean,
): Promise<Part> => {
  const params = new Params();
  const { indexed, plain } = byGrams ? gramConditions(plan, params) : { indexed: [], plain: [] };
  const { from, to } = plan.range;
  const conditions = [
    ...indexed,
    ...plain,
    ...(before ? [olderThan(before, params)] : []),
    ...inArray('v.conversation_id', plan.conversations, params),
    ...(Number.isFinite(from) ? [`v.sent_at >= ${time(from, params)}`] : []),
    ...(Number.isFinite(to) ? [`v.sent_at < ${time(to, params)}`] : []),
    ...(plan.direct === null ? [] : [isDirect('v.conversation_id', plan.direct)]),
  ];
  const ofMessage = inArray('m.sender_id', plan.senders, params);
  if (state !== 'all') ofMessage.push(`m.state ${state === 'recalled' ? '=' : '<>'} 'recalled'`);
  const join = 'join message m on m.conversation_id = v.conversation_id and m.seq = v.seq';
  const where = (list: string[]) => (list.length === 0 ? '' : `where ${list.join(' and ')}`);
  const order = 'v.sent_at desc, v.conversation_id desc, v.seq desc, v.version desc';
  const columns = `${MESSAGE_COLUMNS}, v.version, v.body as text, v.sent_at,
    octet_length(v.body) + coalesce(octet_length(m.body), 0) as length`;
  const page = `order by ${order} limit ${most}`;
  // Found first and sorted then: by the order of time, Postgres would walk past all that has not got the words.
  const found =
    indexed.length > 0
      ? `with hits as materialized (select v.* from message_version v ${where(conditions)})
       select ${columns} from hits v ${join} ${where(ofMessage)} ${page}`
      : `select ${columns} from message_version v ${join} ${where([...conditions, ...ofMessage])} ${page}`;
  // The length of a text is known without reading it.
  const { rows } = await client.query<Row & { of: number }>(
    `select * from (
       select v.*, count(*) over () as of,
         sum(length) over (order by sent_at desc, conversation_id desc, seq desc, version desc) - length as before
       from (${found}) v
     ) v where before < ${CHUNK_BYTES} order by sent_at desc, conversation_id desc, seq desc, version desc`,
    params.values,
  );
  const all = rows[0]?.of ?? 0;
  return { rows, isLast: all < most && rows.length === all };
};

const olderThan = (cursor: Key | Cursor, params: Params): string => {
  const message = 'v.sent_at, v.conversation_id, v.seq';
  if (!('version' in cursor)) return after(cursor, message, params);
  const same = after({ ...cursor, seq: cursor.seq + 1 }, message, params);
  const older = after(cursor, message, params);
  // The row itself, for the index; then what is older in it.
  return `${same} and (${older} or v.version < ${params.add(cursor.version, 'int')})`;
};
