import { MESSAGE_COLUMNS, type MessageRow, type Queryable, TEXT_REV, toMessage } from '@lockstep/db';
import { type Message, SEARCH_TAIL, traitsOf } from '@lockstep/protocol';
import type { Unindexed } from '../port.ts';
import type { Plan } from './plan.ts';
import type { Scope, ScopeConversation } from './scope.ts';

/** The changes after the index, in their current state (rule 11). */
export interface Tail {
  /** Newest state of each changed message, recalled ones too. */
  messages: Message[];
  unindexed: Unindexed;
  /** Changes, counted to SEARCH_TAIL. */
  behind: number;
  /** When the first of them happened, in ms; null when there are none. */
  since: number | null;
  /** The index does not have the words of this version yet and may miss matches. */
  outdated?: boolean;
}

const NOTHING: Tail = { messages: [], unindexed: { keys: [], complete: true }, behind: 0, since: null };

/** Of so many bytes of text at most; messages of an ordinary length reach SEARCH_TAIL first. */
const TAIL_BYTES = 8 * 1024 * 1024;

/**
 * Reads the changes that are not indexed yet of the conversations that a plan looks at. When there are more than
 * SEARCH_TAIL, the newest of each conversation, as many for all of them; of more than TAIL_BYTES, the newest of all.
 */
export const readTail = async (client: Queryable, { lagging }: Scope, plan: Plan): Promise<Tail> => {
  const isSearched = searchedBy(plan);
  const wanted = lagging.filter(isSearched);
  if (wanted.length === 0) return NOTHING;
  const behind = wanted.reduce((sum, one) => sum + behindOf(one), 0);
  const most = behind <= SEARCH_TAIL ? SEARCH_TAIL : Math.max(1, Math.floor(SEARCH_TAIL / wanted.length));
  const { rows } = await client.query<MessageRow & { of: number }>({
    name: 'search-tail',
    // The length of a text is known without reading it.
    text: `select ${MESSAGE_COLUMNS}, m.of from (
             select m.*, count(*) over () as of,
               sum(coalesce(octet_length(m.body), 0)) over (order by m.created_at desc, m.conversation_id, m.seq) as bytes
             from (
               select m.* from unnest($1::uuid[], $2::int[]) t(id, rev)
               cross join lateral (
                 select * from message m where m.conversation_id = t.id and m.rev > t.rev and ${TEXT_REV} > t.rev
                 order by m.rev desc limit $3
               ) m limit ${SEARCH_TAIL}
             ) m
           ) m where m.bytes <= ${TAIL_BYTES}`,
    values: [wanted.map(({ id }) => id), wanted.map(({ indexedRev }) => indexedRev), most],
  });
  const messages = rows.map(toMessage);
  const complete = behind <= SEARCH_TAIL && rows.length === (rows[0]?.of ?? 0);
  return {
    messages,
    unindexed: { keys: messages.map(({ conversationId, seq }) => ({ conversationId, seq })), complete },
    behind: Math.min(behind, SEARCH_TAIL),
    since: messages.reduce<number | null>(
      (least, message) => Math.min(least ?? happenedAt(message), happenedAt(message)),
      null,
    ),
  };
};

const behindOf = ({ headRev, indexedRev }: ScopeConversation) => headRev - indexedRev;

const searchedBy = ({ conversations, direct }: Plan): ((one: ScopeConversation) => boolean) => {
  const some = conversations.some && new Set(conversations.some);
  const none = new Set(conversations.none);
  return ({ id, kind }) =>
    (some === null || some.has(id)) &&
    !none.has(id) &&
    (direct === null || traitsOf(kind).hasPeer === direct);
};

const happenedAt = ({ createdAt, editedAt, recalledAt }: Message): number =>
  Math.max(createdAt, editedAt ?? 0, recalledAt ?? 0);
