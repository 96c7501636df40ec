import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createVitest, type TestModule, type Vitest } from 'vitest/node';

/**
 * A process that runs one test file against many variants of the sources, one after the other in one process of tests:
 * what starts a process and loads libraries is done once for all. A variant is told from the others by `?variant=N` on
 * the paths of what differs: the test, what has changed, and all that loads it. The rest is shared between them.
 */

export interface Variant {
  /** What stands in the place of these files, by their path from the root. */
  texts: Record<string, string>;
  /** Files that are loaded anew for this variant. */
  own: string[];
  /** A test that does not run this block, by what the first has run, is left out. */
  block: string | null;
}

export interface VariantsOrder {
  test: string;
  /** By number, none of which a run before has had. The lowest is run first, and notes what it runs in `hits`. */
  variants: Record<string, Variant>;
  hits: string;
  /** The Postgres of the tests, which is started once a test needs one. */
  postgres: string | undefined;
}

export type VariantsAnswer =
  | {
      kind: 'ended';
      variant: string;
      state: 'passed' | 'failed' | 'uncovered';
      failure: string | null;
      took: number;
    }
  | { kind: 'over'; failures: Record<string, string> };

const { LOCKSTEP_ROOT: root = '', LOCKSTEP_OVERLAY: overlay = '' } = process.env;
const NOTHING = `import { test } from 'vitest'; test.skip('runs nothing of it', () => {});`;
const QUERY = /[?&]variant=(\d+)/;

const variantOf = (id: string): string | undefined => QUERY.exec(id)?.[1];
const pathOf = (id: string): string => relative(root, id.split('?')[0] ?? '');
const send = (answer: VariantsAnswer) => process.send?.(answer);

let order: VariantsOrder = { test: '', variants: {}, hits: '', postgres: undefined };
let hits: Set<string> | null = null;
const uncovered = new Set<string>();

const isCovered = ({ block }: Variant): boolean => {
  if (block === null) return true;
  hits ??= new Set(existsSync(order.hits) ? readFileSync(order.hits, 'utf8').split('\n') : []);
  return hits.has(block);
};

/** For processes that the test starts: they load what stands here in the place of the files (overlay-hook.mjs). */
const writeTexts = (texts: Record<string, string>) => {
  rmSync(overlay, { recursive: true, force: true });
  for (const [file, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(overlay, file)), { recursive: true });
    writeFileSync(join(overlay, file), text);
  }
};

/** Loaded when its turn has come, right before it runs. */
const loadTest = (n: string): string => {
  const variant = order.variants[n] as Variant;
  if (!isCovered(variant)) {
    uncovered.add(n);
    return NOTHING;
  }
  writeTexts(variant.texts);
  return readFileSync(join(root, order.test), 'utf8');
};

const failureOf = (module: TestModule): string | null => {
  const [test] = [...module.children.allTests('failed')];
  if (test) return `${test.fullName}: ${test.result().errors?.[0]?.message}`;
  const [error] = [
    ...module.errors(),
    ...[...module.children.allSuites()].flatMap((suite) => suite.errors()),
  ];
  if (error) return error.message;
  return module.ok() ? null : 'it failed';
};

/** As given: the one without a fault first. */
class InOrder {
  sort = async <T>(specifications: T[]): Promise<T[]> => specifications;
  shard = this.sort;
}

const start = (): Promise<Vitest> =>
  createVitest(
    'test',
    {
      root,
      config: false,
      watch: false,
      include: ['**/*.{test,spec}.{ts,tsx}'],
      pool: 'forks',
      isolate: false,
      fileParallelism: false,
      maxWorkers: 1,
      sequence: { sequencer: InOrder },
      testTimeout: 60_000,
      hookTimeout: 60_000,
      expect: { poll: { timeout: 15_000 }, requireAssertions: true },
      setupFiles: [fileURLToPath(new URL('./first-failure.mjs', import.meta.url))],
      reporters: [
        {
          onTestModuleEnd: (module) => {
            const variant = variantOf(module.moduleId) ?? '';
            const failure = failureOf(module);
            const state = failure ? 'failed' : uncovered.has(variant) ? 'uncovered' : 'passed';
            const { collectDuration, duration } = module.diagnostic();
            send({ kind: 'ended', variant, state, failure, took: collectDuration + duration });
          },
        },
      ],
      silent: true,
    },
    {
      root,
      plugins: [
        {
          name: 'lockstep-variants',
          enforce: 'pre',
          async resolveId(source, importer, options) {
            const n = importer && variantOf(importer);
            if (!n || source.includes('?')) return null;
            const found = await this.resolve(source, importer.split('?')[0], { ...options, skipSelf: true });
            if (!found || !order.variants[n]?.own.includes(pathOf(found.id))) return found;
            return { ...found, id: `${found.id}?variant=${n}` };
          },
          load: (id) => {
            const n = variantOf(id);
            if (!n) return null;
            if (pathOf(id) === order.test) return loadTest(n);
            return order.variants[n]?.texts[pathOf(id)] ?? readFileSync(join(root, pathOf(id)), 'utf8');
          },
        },
      ],
    },
  );

const run = async (vitest: Vitest): Promise<Record<string, string>> => {
  const project = vitest.getRootProject();
  const specifications = Object.keys(order.variants).map((n) =>
    project.createSpecification(`${join(root, order.test)}?variant=${n}`),
  );
  const { unhandledErrors } = await vitest.runTestSpecifications(specifications);
  const failures: Record<string, string> = {};
  for (const error of unhandledErrors as (Error & { VITEST_TEST_PATH?: string })[])
    failures[variantOf(error.VITEST_TEST_PATH ?? '') ?? ''] = error.message;
  return failures;
};

const started = start();
process.on('message', async (next: VariantsOrder) => {
  order = next;
  if (order.postgres) process.env.LOCKSTEP_TEST_POSTGRES = order.postgres;
  hits = null;
  uncovered.clear();
  const failures = await run(await started).catch((error: Error) => ({ '': error.message }));
  send({ kind: 'over', failures });
});
process.on('disconnect', () => process.exit(0));
started.then(
  () => process.send?.('ready'),
  (error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  },
);
