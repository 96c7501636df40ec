import { type ConsumerName, type Db, TEXT_REV } from '@lockstep/db';
import type { PartHealth } from '@lockstep/protocol';

interface Lag {
  /** Changes that are not indexed. */
  changes: number;
  conversations: number;
  /** How long the oldest of them waits, in ms. */
  waitingMs: number;
}

/** How far an index is behind the store. */
export const readLag = async (db: Db, consumer: ConsumerName): Promise<Lag> => {
  const { rows } = await db.pool.query<{ changes: number; conversations: number; since: Date | null }>(
    `with lagging as materialized (
       select c.id, c.head_rev - coalesce(k.rev, 0) as changes, coalesce(k.rev, 0) as rev from conversation c
       left join checkpoint k on k.conversation_id = c.id and k.consumer = $1
       where c.head_rev > coalesce(k.rev, 0)
     ), first as (
       select min(greatest(m.created_at, m.edited_at, m.recalled_at)) as since
       from (select id, rev from lagging limit 200) l
       cross join lateral (
         select created_at, edited_at, recalled_at from message m
         where m.conversation_id = l.id and m.rev > l.rev and ${TEXT_REV} > l.rev order by m.rev limit 1
       ) m
     )
     select coalesce(sum(changes), 0)::int8 as changes, count(*)::int8 as conversations, (select since from first)
     from lagging`,
    [consumer],
  );
  const row = rows[0];
  return {
    changes: row?.changes ?? 0,
    conversations: row?.conversations ?? 0,
    waitingMs: row?.since ? Math.max(0, Date.now() - row.since.getTime()) : 0,
  };
};

export interface SearchState {
  builtAt: Date | null;
  verifiedAt: Date | null;
  differences: number | null;
  fault: string | null;
  /** See form.ts. */
  form: number | null;
}

export const readState = async (db: Db, engine: string): Promise<SearchState | null> => {
  const { rows } = await db.pool.query<SearchState>(
    `select built_at as "builtAt", verified_at as "verifiedAt", differences, fault, form from search_state where engine = $1`,
    [engine],
  );
  return rows[0] ?? null;
};

/** Stores the state for later health checks. Only the given fields change. */
export const writeState = async (db: Db, engine: string, state: Partial<SearchState>): Promise<void> => {
  const names = {
    builtAt: 'built_at',
    verifiedAt: 'verified_at',
    differences: 'differences',
    fault: 'fault',
    form: 'form',
  };
  const given = Object.entries(state) as [keyof SearchState, unknown][];
  const columns = given.map(([name]) => names[name]);
  await db.pool.query(
    `insert into search_state (engine, generation, ${columns.join(', ')})
     values ($1, gen_random_uuid(), ${columns.map((_, i) => `$${i + 2}`).join(', ')})
     on conflict (engine) do update set ${columns.map((column) => `${column} = excluded.${column}`).join(', ')}`,
    [engine, ...given.map(([, value]) => value)],
  );
};

/**
 * Stores for the health check why an index cannot be written, and clears it when it can again. `known` selects the
 * reported errors.
 */
export const faultReporter = (db: Db, engine: string, known: (error: unknown) => string | null) => {
  /** The last stored fault; unknown at first. */
  let lastFault: string | null | undefined;
  return async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      const fault = known(error);
      // If even this cannot be written, the lag shows the problem.
      if (fault !== null && fault !== lastFault)
        await writeState(db, engine, { fault }).then(
          () => {
            lastFault = fault;
          },
          () => {},
        );
      throw error;
    }
    if (lastFault === null) return;
    await writeState(db, engine, { fault: null });
    lastFault = null;
  };
};

/** An index this far behind is reported as unhealthy: results are still correct, but slow or incomplete. */
const LATE_MS = 60_000;

/** `wiped`: it is not, or no longer, what was filled. */
export const indexHealth = async (
  db: Db,
  engine: string,
  consumer: ConsumerName,
  wiped: boolean,
): Promise<PartHealth> => {
  const [lag, state] = await Promise.all([readLag(db, consumer), readState(db, engine)]);
  const details = [
    engine,
    ...(wiped ? ['the index was wiped and is begun again by a worker'] : []),
    lag.changes === 0
      ? 'all indexed'
      : `${lag.changes} changes behind, ${(lag.waitingMs / 1_000).toFixed(1)} s`,
    state?.verifiedAt
      ? `${state.differences ?? 0} differences at ${state.verifiedAt.toISOString()}`
      : 'not verified yet',
    ...(state?.fault ? [state.fault] : []),
  ];
  const ok = !wiped && lag.waitingMs < LATE_MS && !state?.fault && (state?.differences ?? 0) === 0;
  return { ok, detail: details.join(', ') };
};
