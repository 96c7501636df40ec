import type { FuzzTarget } from './target.ts';

interface Listed {
  /** Whether it needs a Postgres: `testDatabase()` works from its `setup` on. */
  database: boolean;
  /** In the run of somebody's change: a number, so that it feeds the same inputs on every machine. Some 4 s on two cores. */
  shortRuns: number;
  load(): Promise<{ target: unknown }>;
}

/** Everything that `npm run fuzz` feeds, by name. */
export const TARGETS: Record<string, Listed> = {
  http: { database: true, shortRuns: 800, load: () => import('./http.ts') },
  'import-lines': { database: false, shortRuns: 11_000, load: () => import('./import-lines.ts') },
  markup: { database: false, shortRuns: 3_000, load: () => import('./markup.ts') },
  protocol: { database: true, shortRuns: 500, load: () => import('./protocol.ts') },
  rendering: { database: false, shortRuns: 6_000, load: () => import('./rendering.ts') },
  'search-language': { database: false, shortRuns: 100_000, load: () => import('./search-language.ts') },
  'search-match': { database: false, shortRuns: 7_500, load: () => import('./search-match.ts') },
};

/** Throws where there is none of that name. */
export const loadTarget = async (name: string): Promise<FuzzTarget> => {
  const listed = TARGETS[name];
  if (!listed) throw new Error(`No target ${name}; there are ${Object.keys(TARGETS).join(', ')}`);
  return (await listed.load()).target as FuzzTarget;
};
