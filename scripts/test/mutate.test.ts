import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blockAt, blocksOf, instrumented } from '../mutate/blocks.ts';
import { importGraph } from '../mutate/graph.ts';
import { keyOf, type Mutant, mutantsOf, sample } from '../mutate/mutants.ts';
import { type Result, scoreOf, table } from '../mutate/report.ts';
import { equivalence, readEquivalents } from '../mutate/targets.ts';
import { type Bench, openBench } from '../mutate/variants.ts';

const root = fileURLToPath(new URL('./mutate-fixture', import.meta.url));
const text = readFileSync(join(root, 'clamp.ts'), 'utf8');
const changesOf = (code: string) => mutantsOf('x.ts', code).map(({ was, to }) => `${was} → ${to}`);

describe('mutants', () => {
  it.each<[code: string, changes: string[]]>([
    ['if (a < b) c();', ['a < b → !(a < b)', '< → <=', 'c(); → ;']],
    ['const x = a && b;', ['&& → ||']],
    ['const x = a ?? b;', ['a ?? b → a']],
    ['const x = a?.b;', ['?. → .']],
    ['const x = !a;', ['!a → a']],
    ['const x = a.filter(f);', ['a.filter(f) → a']],
    ['const x = [a, b];', ['a,  → ', ', b → ']],
    ['const x = { a, b: 1 };', ['a,  → ', ', b: 1 → ', '1 → 0']],
    ['const f = async () => { await g(); };', ['await g() → void g()', 'await g(); → ;']],
    ['const f = () => { throw e; };', ['throw e; → ;']],
    ['const f = () => { return a; };', ['a → undefined as never']],
    ['let x: number = 5 as number;', ['5 → 6']],
    ['const x = /^a$/i;', ['/^a$/i → /a$/i', '/^a$/i → /^a/i', '/^a$/i → /^a$/']],
    // Words for people, types, figures of tuning and what is imported are left alone.
    ["import a from 'b'; export * from 'c';", []],
    ["log.warn({ a: 1 }, 'words'); throw_(new Error('words'));", ["throw_(new Error('words')); → ;"]],
    ["let f = () => log.warn({ a: 1 }, 'words');", []],
    ["type A = 'b' | 3; interface B { c: 'd' }", []],
    ['const MS = 60_000;', []],
  ])('%s', (code, changes) => {
    expect(changesOf(code).sort()).toEqual([...changes].sort());
  });

  it('of SQL are of its conditions', () => {
    const code =
      'const q = { name: `n`, text: `select a from t where a > $1 and b is null order by a desc limit $2` };';
    expect(changesOf(code)).toEqual([
      '> → >=',
      'and → or',
      'and b is null → ',
      'is null → is not null',
      ' desc → ',
      ' limit $2 → ',
    ]);
    expect(changesOf("const q = 'select 1 from t where a between 1 and 2 and (b or c) and d'")).toContain(
      'and (b or c) → ',
    );
    expect(changesOf("const q = 'select 1 from t where a between 1 and 2'")).toEqual([]);
  });

  it('know their line after text of any script, and change nothing else', () => {
    const code = "const a = '你好 🙂';\n// é\nconst b = c > 1;\n";
    const mutant = mutantsOf('x.ts', code).find(({ was }) => was === '>');
    expect(mutant).toMatchObject({ line: 3, context: 'const b = c > 1;', text: code.replace('>', '>=') });
  });

  it('are the same ones for a seed, and others stay when one is gone', () => {
    const all = mutantsOf('clamp.ts', text);
    const five = sample(all, 5, 7);
    expect(five).toHaveLength(5);
    expect(sample(all, 5, 7)).toEqual(five);
    expect(sample(all, 5, 8)).not.toEqual(five);
    const without = all.filter((mutant) => keyOf(mutant) !== keyOf(five[0] as Mutant));
    expect(sample(without, 5, 7).map(keyOf)).toEqual(expect.arrayContaining(five.slice(1).map(keyOf)));
  });
});

describe('what tests run', () => {
  it('is recorded by block, with the code otherwise unchanged', () => {
    const blocks = blocksOf('clamp.ts', text);
    const code = instrumented('clamp.ts', text, 'hit');
    expect(code.replace(/^import .*?;/, '').replace(/__hit\("[^"]+"\);/g, '')).toBe(text);
    expect(code.split('\n')).toHaveLength(text.split('\n').length);
    expect(blockAt(blocks, text.indexOf('value < 0'))?.id).toBe('clamp.ts#1');
    expect(blockAt(blocks, text.indexOf('throw'))?.id).toBe('clamp.ts#2');
    expect(blockAt(blocks, 0)?.id).toBe('clamp.ts#0');
  });
});

describe('a run', () => {
  const spec = 'clamp.spec.ts';
  let bench: Bench;
  beforeAll(() => {
    bench = openBench(root, importGraph(root), { graceMs: 2_000 });
  });
  afterAll(() => bench.close());
  const mutant = (was: string, to: string): Mutant => {
    const found = mutantsOf('clamp.ts', text).find((one) => one.was === was && one.to === to);
    if (!found) throw new Error(`no mutant ${was} → ${to}`);
    return found;
  };
  const run = async (test: string, ...mutants: Mutant[]) => {
    const verdicts = await bench.run(test, mutants, () => false);
    return verdicts && mutants.map((one) => verdicts.get(one));
  };
  const seen = mutant('value > most', '!(value > most)');
  const unseen = mutant('<', '<=');

  it('kills the mutants that a test detects, and reports those that none detects or runs', async () => {
    const never = mutant("throw new Error('nobody calls this');", ';');
    expect(await run(spec, unseen, seen, never, unseen)).toEqual(['passed', 'failed', 'uncovered', 'passed']);
    // This one runs nothing of what is broken.
    expect(await run('low.spec.ts', seen)).toEqual(['passed']);
    // The file itself was never touched.
    expect(readFileSync(join(root, 'clamp.ts'), 'utf8')).toBe(text);
  });

  it('ends one that never ends, and one that ends the process, and goes on', async () => {
    const instead = (code: string) => ({ ...seen, text: text.replace('return value > most', code) });
    const [endless, dead] = [
      instead('for (;;); return value > most'),
      instead('process.kill(process.pid, 9); return value > most'),
    ];
    expect(await run(spec, endless, seen, dead, unseen)).toEqual(['timeout', 'failed', 'failed', 'passed']);
  });

  it('says nothing of a test that fails without any fault', async () => {
    expect(await run('broken.spec.ts', seen)).toBeNull();
  });
});

describe('the report', () => {
  const one = (state: Result['state'], file = 'packages/core/src/a.ts'): Result => ({
    ...{ key: state, file, line: 1, kind: 'text', context: 'a', was: 'a', to: 'b', state },
    ...{ by: null, passed: [], reason: null, hash: '' },
  });

  it('counts what was caught among what could be', () => {
    const results = [one('killed'), one('timeout'), one('survived'), one('uncovered'), one('equivalent')];
    expect(scoreOf(results)).toBe(0.5);
    expect(scoreOf([one('equivalent')])).toBeNull();
    expect(
      table([...results, one('killed', 'apps/worker/src/b.ts')])
        .split('\n')
        .map((line) => line.split(/ {2,}/)),
    ).toEqual([
      ['package', 'mutants', 'killed', 'timed out', 'survived', 'not covered', 'equivalent', 'score'],
      ['apps/worker', '1', '1', '0', '0', '0', '0', '100.0 %'],
      ['packages/core', '5', '1', '1', '1', '1', '1', '50.0 %'],
      ['all', '6', '2', '1', '1', '1', '1', '60.0 %'],
    ]);
  });

  it('leaves out what is on the list of equivalents: each entry says why, and names a mutant that there is', () => {
    const repository = fileURLToPath(new URL('../../', import.meta.url));
    const list = readEquivalents(join(repository, 'scripts/mutate/equivalent.json'));
    expect(list).toBeInstanceOf(Array);
    for (const entry of list) {
      expect(entry.reason.length, keyOf(entry)).toBeGreaterThan(10);
      const file = join(repository, entry.file);
      const there = existsSync(file) ? mutantsOf(entry.file, readFileSync(file, 'utf8')) : [];
      expect(
        there.some((mutant) => equivalence([entry], mutant) !== null),
        keyOf(entry),
      ).toBe(true);
    }
  });
});
