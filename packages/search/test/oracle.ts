import type { Db } from '@lockstep/db';

/**
 * A plain scan of the store, written apart from the product: every message is looked at, and asked by simple means. It
 * knows the vocabulary of the fuzz test only, in which this is right.
 */
export interface Row {
  conversationId: string;
  kind: string;
  seq: number;
  senderId: string;
  body: string;
  at: number;
  edited: boolean;
  readSeq: number | null;
  peers: string[];
}

/** What a viewer may see: all that stands in the conversations they are in, or in all. */
export const visibleTo = async (db: Db, userId: string, everything: boolean): Promise<Row[]> => {
  const { rows } = await db.pool.query<Row>(
    `select m.conversation_id as "conversationId", c.kind::text as kind, m.seq, m.sender_id as "senderId", m.body,
       (extract(epoch from m.created_at) * 1000)::float8 as at, m.edited_at is not null as edited,
       case when v.user_id is not null then greatest(v.joined_seq, coalesce(e.read_seq, 0)) end as "readSeq",
       array(select p.user_id::text from member p where p.conversation_id = c.id) as peers
     from message m join conversation c on c.id = m.conversation_id
     left join active_member v on v.conversation_id = c.id and v.user_id = $1
     left join inbox_entry e on e.conversation_id = c.id and e.user_id = $1
     where m.body is not null and (v.user_id is not null or $2)`,
    [userId, everything],
  );
  return rows.sort(
    (a, b) =>
      b.at - a.at ||
      (a.conversationId < b.conversationId ? 1 : a.conversationId > b.conversationId ? -1 : b.seq - a.seq),
  );
};

/** Ideographs stand between words as one that nobody asks for. */
const words = (body: string) =>
  body
    .replace(/<@[^>]*>/g, ' ')
    .replace(/[\u4e00-\u9fff]+/g, ' zz ')
    .toLowerCase()
    .split(/[^a-z0-9]+/);

/** One clause of the fuzz test: its text, and what it means. */
export interface Clause {
  text: string;
  /** Alternatives of one kind are joined by "or". */
  kind: string;
  fits(row: Row): boolean;
}

export const word = (text: string): Clause => ({
  text,
  kind: `word ${text}`,
  fits: (row) => words(row.body).includes(text.toLowerCase()),
});
export const prefix = (text: string): Clause => ({
  text: `${text}*`,
  kind: `prefix ${text}`,
  fits: (row) => words(row.body).some((one) => one.startsWith(text)),
});
export const phrase = (...parts: string[]): Clause => ({
  text: `"${parts.join(' ')}"`,
  kind: `phrase ${parts}`,
  fits: (row) => ` ${words(row.body).filter(Boolean).join(' ')} `.includes(` ${parts.join(' ')} `),
});
/** Characters in a row, or a part of a code. */
export const part = (text: string): Clause => ({
  text,
  kind: `part ${text}`,
  fits: (row) => row.body.toLowerCase().includes(text),
});
export const filter = (text: string, kind: string, fits: (row: Row) => boolean): Clause => ({
  text,
  kind,
  fits,
});
export const not = (clause: Clause): Clause => ({
  text: `-${clause.text}`,
  kind: `not ${clause.text}`,
  fits: (row) => !clause.fits(row),
});

/** Clauses of one kind are alternatives, all others must hold. */
export const scan = (rows: Row[], clauses: Clause[]): Row[] => {
  const kinds = [...new Set(clauses.map(({ kind }) => kind))];
  const groups = kinds.map((kind) => clauses.filter((clause) => clause.kind === kind));
  return rows.filter((row) => groups.every((group) => group.some((clause) => clause.fits(row))));
};
