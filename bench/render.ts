import { fileURLToPath } from 'node:url';
import { launchOptions } from '@lockstep/testing/browser';
import { hostileTexts } from '@lockstep/testing/fuzz/hostile';
import { randomOf } from '@lockstep/testing/fuzz/random';
import { ordinaryText } from '@lockstep/testing/fuzz/texts';
import { chromium, type Page } from '@playwright/test';
import { build } from 'esbuild';
import { type BenchArgs, type BenchResult, numberArg, step, table } from './report.ts';

const WEB = fileURLToPath(new URL('../apps/web/', import.meta.url));
/** How often each text is drawn; the median counts. */
const ROUNDS = 3;
const SHOWN = 10;

interface Drawn {
  name: string;
  text: string;
  ms: number;
  shown: number;
}

/**
 * What a message costs from its text to the end of its layout, in a real browser as it is and with its processor slowed
 * down to a quarter: texts that are made to be expensive, one by one, and ordinary ones together. `value` is the time
 * of the ordinary ones; baseline: each of them as one plain paragraph.
 */
export const run = async (args: BenchArgs): Promise<BenchResult> => {
  const count = numberArg(args, 'messages', 1_000);
  const browser = await chromium.launch(await launchOptions());
  try {
    const page = await blank(await browser.newPage());
    const ordinary = Array.from({ length: count }, (_, n) => ({
      name: 'ordinary',
      text: ordinaryText(randomOf(1, 'render', n)),
    }));
    const hostile = hostileTexts();

    step(`${count} ordinary texts, and the same as plain paragraphs`);
    const value = sum(await draw(page, ordinary, false));
    const baseline = sum(await draw(page, ordinary, true));
    step(`${hostile.length} texts that are made to be expensive`);
    const quick = await draw(page, hostile, false);
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 });
    const slow = await draw(page, hostile, false);

    const slowest = [...quick.keys()].sort((a, b) => msOf(slow[b]) - msOf(slow[a]));
    table(
      slowest.slice(0, SHOWN).map((at) => ({
        text: hostile[at]?.name.slice(0, 48) ?? '',
        ms: msOf(quick[at]),
        'ms at a quarter': msOf(slow[at]),
      })),
    );
    const empty = [...quick, ...slow].filter(({ text, shown }) => shown === 0 && text.trim() !== '');
    for (const { name } of empty) console.error(`${name}: nothing is to be seen`);
    const most = (drawn: Drawn[]) => Number(Math.max(...drawn.map(({ ms }) => ms)).toFixed(1));
    const detail = { texts: hostile.length, slowestMs: most(quick), slowestAtAQuarterMs: most(slow) };
    return {
      bench: 'render',
      value,
      unit: 'ms',
      baseline,
      ratio: value / baseline,
      ok: empty.length === 0,
      detail: {
        ...detail,
        bars: { slowest: detail.slowestMs < 50, slowestAtAQuarter: detail.slowestAtAQuarterMs < 200 },
      },
    };
  } finally {
    await browser.close();
  }
};

const msOf = (drawn: Drawn | undefined): number => drawn?.ms ?? 0;
const sum = (drawn: Drawn[]): number => drawn.reduce((total, { ms }) => total + ms, 0);

/** An empty page as wide as a conversation, with the product's own renderer in it. */
const blank = async (page: Page): Promise<Page> => {
  const bundle = await build({
    entryPoints: [`${WEB}test/conversation/drawn.ts`],
    tsconfig: `${WEB}tsconfig.json`,
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'bench',
    jsx: 'automatic',
    define: { 'process.env.NODE_ENV': '"production"', 'import.meta.url': '"about:blank"' },
    logLevel: 'error',
  });
  await page.setContent('<!doctype html><body style="width: 680px; font: 15px/1.5 sans-serif"></body>');
  await page.addScriptTag({ content: bundle.outputFiles[0]?.text ?? '' });
  return page;
};

const draw = async (
  page: Page,
  texts: readonly { name: string; text: string }[],
  plain: boolean,
): Promise<Drawn[]> => {
  const drawn = await page.evaluate(
    ({ list, plain, rounds }) => {
      const { draw } = (
        globalThis as unknown as {
          bench: { draw(text: string, plain: boolean): { ms: number; shown: number } };
        }
      ).bench;
      // The first ones are drawn before the code is warm.
      for (const text of list.slice(0, 50)) draw(text, plain);
      return list.map((text) => {
        const tries = Array.from({ length: rounds }, () => draw(text, plain)).sort((a, b) => a.ms - b.ms);
        return tries[rounds >> 1] as { ms: number; shown: number };
      });
    },
    { list: texts.map(({ text }) => text), plain, rounds: ROUNDS },
  );
  return drawn.map((each, at) => ({ ...(texts[at] as { name: string; text: string }), ...each }));
};
