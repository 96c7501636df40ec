import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { blockAt, blocksOf, instrumented } from './blocks.ts';
import type { Graph } from './graph.ts';
import type { Mutant } from './mutants.ts';
import type { Variant, VariantsAnswer, VariantsOrder } from './variants-runner.ts';

export type Verdict = 'failed' | 'timeout' | 'passed' | 'uncovered';

export interface Bench {
  /**
   * What a test file says to each of these mutants; null for all when it fails without any fault. The files stay as they
   * are, and so must they while it runs: throws when one has changed. Ends early when `isOver`: what has no verdict then was
   * not tried.
   */
  run(test: string, mutants: readonly Mutant[], isOver: () => boolean): Promise<Map<Mutant, Verdict> | null>;
  close(): Promise<void>;
}

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
/** How long a test file may take without a fault, in ms. */
const LIMIT = 240_000;

/**
 * `onKilled` is called when a run was killed, with what it left behind. A mutant is given three times as long as the tests
 * take without it, and `graceMs`.
 */
export const openBench = (
  root: string,
  graph: Graph,
  { onKilled = async () => {}, graceMs = 15_000 }: { onKilled?: () => Promise<void>; graceMs?: number } = {},
): Bench => {
  const scratch = mkdtempSync(join(tmpdir(), 'lockstep-mutate-'));
  const hits = join(scratch, 'hits');
  let runner: ChildProcess | null = null;
  let number = 0;
  const began = Date.now();

  const start = (): Promise<ChildProcess> =>
    new Promise((resolve, reject) => {
      const child = fork(here('./variants-runner.ts'), {
        cwd: root,
        // A group of its own, so that it can be killed with everything that tests have started.
        detached: true,
        execArgv: ['--import', 'tsx'],
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        env: {
          ...process.env,
          NODE_ENV: 'test',
          NODE_OPTIONS: `--import ${JSON.stringify(new URL('./overlay-hook.mjs', import.meta.url).href)}`,
          LOCKSTEP_OVERLAY: join(scratch, 'overlay'),
          LOCKSTEP_ROOT: root,
          LOCKSTEP_HITS: hits,
        },
      });
      child.once('message', () => resolve(child));
      child.once('exit', (code) => reject(new Error(`the runner of tests ended with ${code}`)));
    });

  const kill = async () => {
    const child = runner;
    runner = null;
    if (!child?.pid || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    process.kill(-child.pid, 'SIGKILL');
    await ended;
    await onKilled();
  };

  /** Goes through the variants in their order; gives those that have an answer, and which it hung in. */
  const go = async (order: VariantsOrder, first: string, isOver: () => boolean, took0: number | null) => {
    runner ??= await start();
    const child = runner;
    const answers = new Map<string, Verdict>();
    let took = took0;
    let failure: string | null = null;
    const isDone = await new Promise<boolean>((resolve) => {
      let since = performance.now();
      const watch = setInterval(() => {
        const limit = took === null ? LIMIT : 3 * took + graceMs;
        if (performance.now() - since > limit || isOver()) end(false);
      }, 200);
      const end = (done: boolean) => {
        clearInterval(watch);
        child.removeAllListeners();
        resolve(done);
      };
      child.on('message', (answer: VariantsAnswer) => {
        if (answer.kind === 'over') {
          for (const [n, text] of Object.entries(answer.failures)) {
            if (answers.get(n) === 'passed') answers.set(n, 'failed');
            if (n === first) failure ??= text;
          }
          return end(true);
        }
        answers.set(answer.variant, answer.state);
        if (answer.variant === first) failure ??= answer.failure;
        took ??= answer.took;
        since = performance.now();
      });
      child.once('exit', () => end(false));
      child.send(order);
    });
    if (!isDone) await kill();
    return { answers, took, isDone, failure };
  };

  return {
    run: async (test, mutants, isOver) => {
      rmSync(hits, { force: true });
      const closure = [...graph.closure(test)];
      // Old and new files together fail for no fault of the mutant: the database is that of before, too.
      const changed = closure.find((file) => statSync(join(root, file)).mtimeMs > began);
      if (changed) throw new Error(`${changed} has changed since the run began: start it again`);
      const ownOf = (files: readonly string[]) =>
        closure.filter(
          (one) =>
            // Data is the same for all, whatever files it names.
            !one.endsWith('.json') &&
            (/\/test\/|^packages\/testing\//.test(one) || files.some((file) => graph.closure(one).has(file))),
        );
      const texts = new Map(mutants.map(({ file }) => [file, readFileSync(join(root, file), 'utf8')]));
      const files = [...texts.keys()];
      const first = String(++number);
      const variants: Record<string, Variant> = {
        [first]: {
          texts: Object.fromEntries(
            [...texts].map(([file, text]) => [file, instrumented(file, text, here('./hit.mjs'))]),
          ),
          own: ownOf(files),
          block: null,
        },
      };
      const own = new Map(files.map((file) => [file, ownOf([file])]));
      const blocks = new Map([...texts].map(([file, text]) => [file, blocksOf(file, text)]));
      const mutantOf = new Map<string, Mutant>();
      for (const mutant of mutants) {
        const { file, text, start } = mutant;
        const block = blockAt(blocks.get(file) ?? [], start)?.id ?? null;
        variants[++number] = { texts: { [file]: text }, own: own.get(file) ?? [], block };
        mutantOf.set(String(number), mutant);
      }
      const verdicts = new Map<Mutant, Verdict>();
      let took: number | null = null;
      while (Object.keys(variants).length > 0 && !isOver()) {
        const order = { test, variants, hits, postgres: process.env.LOCKSTEP_TEST_POSTGRES };
        const found = await go(order, first, isOver, took);
        took = found.took;
        if (isOver() && !found.isDone && found.answers.size === 0) break;
        if (found.answers.get(first) === 'failed' || (variants[first] && !found.answers.has(first))) {
          console.log(`left out, as it fails without any fault: ${test}: ${found.failure ?? 'it hangs'}`);
          return null;
        }
        for (const [n, state] of found.answers) {
          delete variants[n];
          const mutant = mutantOf.get(n);
          if (mutant) verdicts.set(mutant, state);
        }
        // The one that it hung in, or with which the process of the tests ended.
        const [next] = Object.keys(variants);
        const mutant = mutantOf.get(next ?? '');
        if (isOver() || next === undefined || !mutant) continue;
        verdicts.set(mutant, found.isDone ? 'failed' : 'timeout');
        delete variants[next];
      }
      return verdicts;
    },
    close: async () => {
      await kill();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
};
