import type { Queryable } from '@lockstep/db';

export interface Read {
  /** Rows of the index, about. */
  rows: number;
  /** The share of rows that have a token; 0 for one that is not among the most frequent. */
  share(token: string): number;
  /** The shares of those that begin so, together: more than 1 where rows have several. */
  shareOfPrefix(prefix: string): number;
}

/** Milliseconds for which what was read is good. */
const FRESH_MS = 60_000;

/** What the planner knows of how frequent words are, kept up by Postgres (analyze), and where the newest rows begin. */
export class Frequencies {
  #known: Read | null = null;
  #readAt = Number.NEGATIVE_INFINITY;
  #start: Date | null = null;
  #startAt = Number.NEGATIVE_INFINITY;

  async read(client: Queryable): Promise<Read> {
    if (this.#known && performance.now() - this.#readAt < FRESH_MS) return this.#known;
    const { rows } = await client.query<{ rows: number; tokens: string[] | null; shares: number[] | null }>(
      `select c.reltuples::float8 as rows, s.most_common_elems::text::text[] as tokens,
         s.most_common_elem_freqs::float8[] as shares
       from pg_class c left join pg_stats s
         on s.schemaname = current_schema() and s.tablename = c.relname and s.attname = 'tokens'
       where c.oid = 'search_message'::regclass`,
    );
    const row = rows[0];
    const shares = new Map(row?.tokens?.map((token, i) => [token, row.shares?.[i] ?? 0]));
    this.#known = {
      rows: Math.max(0, row?.rows ?? 0),
      share: (token) => shares.get(token) ?? 0,
      shareOfPrefix: (prefix) => {
        let sum = 0;
        for (const [token, share] of shares) if (token.startsWith(prefix)) sum += share;
        return sum;
      },
    };
    this.#readAt = performance.now();
    return this.#known;
  }

  /**
   * When the newest `window` rows begin, of those up to `until`. As a value of its own, not inside a statement: the
   * planner then knows how few they are.
   */
  async windowStart(client: Queryable, window: number, until: Date | null): Promise<Date | null> {
    if (until === null && performance.now() - this.#startAt < FRESH_MS) return this.#start;
    const { rows } = await client.query<{ at: Date }>({
      name: 'search-window',
      text: `select at from search_message where at <= coalesce($2, 'infinity'::timestamptz)
             order by at desc offset $1 limit 1`,
      values: [window, until],
    });
    const start = rows[0]?.at ?? null;
    if (until === null) {
      this.#start = start;
      this.#startAt = performance.now();
    }
    return start;
  }
}
