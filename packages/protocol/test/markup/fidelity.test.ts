import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { randomOf } from '@lockstep/testing/fuzz/random';
import { SNIPPETS } from '@lockstep/testing/fuzz/snippets';
import { anyText } from '@lockstep/testing/fuzz/texts';
import { describe, expect, it } from 'vitest';
import { parseMarkup, readingOf } from '../../src/markup/index.ts';
import { infidelity } from './fidelity.ts';
import { show } from './show.ts';

/** Bare addresses are shown as they were typed, too. */
const shownPlain = (text: string) => show(text).replace(/\[([^\]\s]*)\]\(\)/g, '$1');

describe('nothing that was typed is changed or lost', () => {
  it('in texts of every kind', () => {
    // `FIDELITY_RUNS=20000` for more of them.
    const runs = Number(process.env.FIDELITY_RUNS ?? 4_000);
    for (let run = 1; run <= runs; run++) {
      const text = anyText(randomOf(1, 'fidelity', run));
      const wrong = infidelity(text, parseMarkup(text));
      expect(wrong && `run ${run}: ${wrong} in ${JSON.stringify(text)}`).toBeNull();
    }
  });

  it('this check notices a lost character', () => {
    const text = 'a **b** c';
    const [paragraph] = parseMarkup(text).blocks;
    if (paragraph?.type !== 'paragraph') throw new Error('no paragraph');
    const without = { over: false, blocks: [{ ...paragraph, children: paragraph.children.slice(1) }] };
    expect(infidelity(text, without)).toBe('"a **" is not shown');
    const turned = { over: false, blocks: [{ ...paragraph, children: paragraph.children.toReversed() }] };
    expect(infidelity(text, turned)).not.toBeNull();
  });

  const folder = fileURLToPath(new URL('../../../../../shared/data/', import.meta.url));
  it.skipIf(!existsSync(folder))('in the real texts of ../shared/data (skipped where that is absent)', () => {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.(txt|yml)$/.test(name),
    );
    expect(files.length).toBeGreaterThan(50);
    for (const name of files)
      for (const line of readFileSync(folder + name, 'utf8').split('\n')) {
        const text = line.replace(/^\[\d\d:\d\d\] <[^>]*> |^ {0,2}- - |^ {2}- /, '');
        expect(infidelity(text, parseMarkup(text))).toBeNull();
      }
  });
});

describe('code, logs, mails and paths without a fence are shown as they were pasted', () => {
  const { mail, ...others } = SNIPPETS;
  it.each(Object.entries(others).filter(([name]) => !['csv', 'table'].includes(name)))('%s', (_, text) => {
    expect(shownPlain(text)).toBe(text);
  });
  it('a mail, with its quotes', () => {
    expect(shownPlain(mail as string)).toContain('<q><q>are you coming?</q>\nyes, at six</q>');
  });
});

describe('the plain reading', () => {
  it('maps each stretch to where it was typed, and back', () => {
    for (let run = 1; run <= 1_000; run++) {
      const text = anyText(randomOf(2, 'reading', run));
      const reading = readingOf(text, { addresses: 'last' });
      for (const { at, length, from, to } of reading.pieces) {
        expect(reading.text.slice(at, at + length)).toBe(text.slice(from, to));
        expect(reading.typed(at, at + length)).toEqual([from, to]);
        expect(reading.read(from, to)).toEqual([[at, at + length]]);
      }
    }
  });
});
