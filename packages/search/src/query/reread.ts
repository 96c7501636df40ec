import { HAS_TEXT, kindHas, MESSAGE_COLUMNS, type MessageRow, type Queryable, toMessage } from '@lockstep/db';
import type { Message } from '@lockstep/protocol';
import { type Key, keyOf, newestFirst } from './key.ts';
import type { Plan } from './plan.ts';
import type { Viewer } from './scope.ts';

/** The messages of these keys, newest first, found through the viewer's membership or not at all (rule 10). */
export const reread = async (
  client: Queryable,
  viewer: Viewer,
  plan: Plan,
  keys: Key[],
): Promise<Message[]> => {
  if (keys.length === 0) return [];
  const { rows } = await client.query<MessageRow>({
    name: viewer.everything ? 'search-reread-all' : 'search-reread',
    text: `select ${MESSAGE_COLUMNS} from unnest($1::uuid[], $2::int[]) k(id, seq)
           join message m on m.conversation_id = k.id and m.seq = k.seq
           where ${HAS_TEXT} and ${viewer.everything ? OF_KIND : OF_MEMBER}`,
    values: [
      keys.map((key) => key.conversationId),
      keys.map((key) => key.seq),
      viewer.everything ? plan.direct : viewer.userId,
    ],
  });
  return rows.map(toMessage).sort((a, b) => newestFirst(keyOf(a), keyOf(b)));
};

const OF_MEMBER = `exists (
  select 1 from active_member v where v.conversation_id = m.conversation_id and v.user_id = $3)`;
const OF_KIND = `($3::boolean is null or $3 = exists (
  select 1 from conversation c where c.id = m.conversation_id and ${kindHas('c.kind', 'hasPeer')}))`;
