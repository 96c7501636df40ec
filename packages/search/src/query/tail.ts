import { MESSAGE_COLUMNS, type MessageRow, type Queryable, toMessage } from '@lockstep/db';
import { type Message, SEARCH_TAIL } from '@lockstep/protocol';
import type { Unindexed } from '../port.ts';
import type { Plan } from './plan.ts';
import type { Scope, ScopeConversation } from './scope.ts';

/** What has happened after the index, as it stands now (rule 11). */
export interface Tail {
  /** Newest state of each changed message, recalled ones too. */
  messages: Message[];
  unindexed: Unindexed;
  /** Changes, counted to SEARCH_TAIL. */
  behind: number;
  /** When the first of them happened, in ms; null when there are none. */
  since: number | null;
}

const NOTHING: Tail = { messages: [], unindexed: { keys: [], complete: true }, behind: 0, since: null };

/**
 * Reads the changes that are not indexed yet of the conversations that a plan looks at. When there are more than
 * SEARCH_TAIL, the newest of each conversation, as many for all of them.
 */
export const readTail = async (client: Queryable, { lagging }: Scope, plan: Plan): Promise<Tail> => {
  const wanted = lagging.filter((one) => isLookedAt(plan, one));
  if (wanted.length === 0) return NOTHING;
  const behind = wanted.reduce((sum, one) => sum + behindOf(one), 0);
  const complete = behind <= SEARCH_TAIL;
  const most = complete ? SEARCH_TAIL : Math.max(1, Math.floor(SEARCH_TAIL / wanted.length));
  const { rows } = await client.query<MessageRow>({
    name: 'search-tail',
    text: `select ${MESSAGE_COLUMNS} from unnest($1::uuid[], $2::int[]) t(id, rev)
           cross join lateral (
             select * from message m where m.conversation_id = t.id and m.rev > t.rev order by m.rev desc limit $3
           ) m limit ${SEARCH_TAIL}`,
    values: [wanted.map(({ id }) => id), wanted.map(({ indexedRev }) => indexedRev), most],
  });
  const messages = rows.map(toMessage);
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

const isLookedAt = (
  { conversations: { some, none }, direct }: Plan,
  { id, kind }: ScopeConversation,
): boolean =>
  (some === null || some.includes(id)) &&
  !none.includes(id) &&
  (direct === null || (kind === 'direct') === direct);

const happenedAt = ({ createdAt, editedAt, recalledAt }: Message): number =>
  Math.max(createdAt, editedAt ?? 0, recalledAt ?? 0);
