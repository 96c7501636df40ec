import type { ConsumerName, Db, Queryable } from '@lockstep/db';
import { writeState } from './health.ts';

/**
 * Version of how texts are split into words and codes. Increment it with every change of packages/search/src/text, or
 * of `fold` in the protocol, that changes the result for the same text: the index is then rebuilt while people
 * search.
 */
export const FORM = 3;

/** Of advisory locks: one worker at a time brings an index up to the form. */
export const LOCK = 72_707_375;

/** Which form the index of an engine has. */
export class IndexForm {
  #current = false;

  constructor(
    readonly db: Db,
    readonly engine: 'postgres' | 'meilisearch',
  ) {}

  /** Once an index has it, it has it as long as this process runs. */
  async isCurrent(client: Queryable): Promise<boolean> {
    if (this.#current) return true;
    const { rows } = await client.query<{ form: number | null }>({
      name: 'search-form',
      text: 'select form from search_state where engine = $1',
      values: [this.engine],
    });
    this.#current = rows[0]?.form === FORM;
    return this.#current;
  }

  /** An index in which nothing is yet has the form from the start. */
  async begin(consumer: ConsumerName): Promise<void> {
    if (await this.isCurrent(this.db.pool)) return;
    const { rowCount } = await this.db.pool.query(
      'select 1 from checkpoint where consumer = $1 and rev > 0 limit 1',
      [consumer],
    );
    if (rowCount === 0) await this.done();
  }

  /** Runs `work`, which rewrites what differs, unless the index has this form or another worker is doing it. */
  async bringUp(work: () => Promise<void>): Promise<void> {
    if (await this.isCurrent(this.db.pool)) return;
    const client = await this.db.pool.connect();
    try {
      const { rows } = await client.query<{ mine: boolean }>('select pg_try_advisory_lock($1) as mine', [
        LOCK,
      ]);
      if (!rows[0]?.mine) return;
      try {
        await work();
        await this.done();
      } finally {
        await client.query('select pg_advisory_unlock($1)', [LOCK]);
      }
    } finally {
      client.release();
    }
  }

  /** The index was written whole. */
  done(): Promise<void> {
    return writeState(this.db, this.engine, { form: FORM });
  }
}
