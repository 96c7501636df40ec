import type { ConsumerName, Queryable } from '@lockstep/db';
import type { ConversationKind } from '@lockstep/protocol';

/** Who searches. `everything` is for message history: every conversation, whoever is in it. */
export interface Viewer {
  userId: string;
  everything: boolean;
}

export interface ScopeConversation {
  id: string;
  kind: ConversationKind;
  headRev: number;
  headSeq: number;
  /** `rev` up to which it is indexed. */
  indexedRev: number;
}

/** What a viewer may search, read in the snapshot in which the search runs (rule 10). */
export interface Scope {
  viewer: Viewer;
  /** Every conversation of the viewer by id; null for everything. */
  conversations: Map<string, ScopeConversation> | null;
  /** Conversations with changes after their checkpoint. */
  lagging: ScopeConversation[];
}

interface Row {
  id: string;
  kind: ConversationKind;
  head_rev: number;
  head_seq: number;
  indexed_rev: number;
}

const COLUMNS = 'c.id, c.kind, c.head_rev, c.head_seq, coalesce(k.rev, 0) as indexed_rev';

const toConversation = (row: Row): ScopeConversation => ({
  id: row.id,
  kind: row.kind,
  headRev: row.head_rev,
  headSeq: row.head_seq,
  indexedRev: row.indexed_rev,
});

export const readScope = async (
  client: Queryable,
  viewer: Viewer,
  consumer: ConsumerName,
): Promise<Scope> => {
  if (viewer.everything) {
    const { rows } = await client.query<Row>({
      name: 'search-scope-all',
      text: `select ${COLUMNS} from conversation c
             left join checkpoint k on k.conversation_id = c.id and k.consumer = $1
             where c.head_rev > coalesce(k.rev, 0)`,
      values: [consumer],
    });
    return { viewer, conversations: null, lagging: rows.map(toConversation) };
  }
  const { rows } = await client.query<Row>({
    name: 'search-scope',
    text: `select ${COLUMNS} from active_member m join conversation c on c.id = m.conversation_id
           left join checkpoint k on k.conversation_id = c.id and k.consumer = $2
           where m.user_id = $1`,
    values: [viewer.userId, consumer],
  });
  const all = rows.map(toConversation);
  return {
    viewer,
    conversations: new Map(all.map((one) => [one.id, one])),
    lagging: all.filter((one) => one.headRev > one.indexedRev),
  };
};
