import { randomUUID } from 'node:crypto';
import { appendHistory, createDb } from '@lockstep/db';
import { launchOptions } from '@lockstep/testing/browser';
import {
  channel,
  footprint,
  type Person,
  signInPerson,
  signUpPerson,
  watchMessageNodes,
} from '@lockstep/testing/kit';
import { chromium, type Page } from '@playwright/test';
import { startStack } from '../e2e/stack.ts';
import { build } from '../scripts/lib/prepare.mjs';
import { type BenchArgs, type BenchResult, numberArg, percentile, step, table } from './report.ts';

/** Messages in the page at any time, at most. */
const MAX_MESSAGES = 300;
/** What the page may grow by, over what it weighed with the newest page only. */
const MAX_HEAP_MB = 48;
/** Keys at least in a phase: what a percentile is made of. */
const KEYS = 100;
/** Scrolled in each frame: 14,400 px/s at 60 frames. */
const FLING_PX = 240;
/** Between two keys, in ms: a fast typist's. */
const KEY_MS = 60;

/**
 * A tab that scrolls through a long conversation, up to its first message, while its person types: heap and DOM stay
 * bounded. `value` is the 95th percentile of the time from a key to the end of its work on the page, layout included
 * (what comes after is the wait for the next frame). Baseline: the same page when nothing else goes on.
 */
export const run = async (args: BenchArgs): Promise<BenchResult> => {
  const messages = numberArg(args, 'messages', 50_000);
  const built = await build();
  if (built) step(built);
  const stack = await startStack({ RATE_LIMITS: 'off' });
  const browser = await chromium.launch(await launchOptions());
  try {
    const person = await signUpPerson(stack.url, 'Reader');
    const conversation = await channel('A long story', person);
    step(`${messages.toLocaleString('en')} messages are written`);
    const head = await fill(stack.databaseUrl, conversation.id, person, messages);

    const page = await open(
      await browser.newContext({ baseURL: stack.url, viewport: { width: 1440, height: 900 } }),
      stack.url,
      person,
    );
    await page.goto(`/c/${conversation.id}`);
    await page.locator(`[data-seq="${head}"]`).waitFor();
    const before = await footprint(page);
    const mostMessages = await watchMessageNodes(page);

    step('typing while nothing else goes on');
    const quiet = await typing(page, async (typed) => {
      while (typed() < KEYS) await page.evaluate(() => new Promise(requestAnimationFrame));
    });
    step('typing while the page scrolls to the first message');
    const started = performance.now();
    let seen: number[] = [];
    const busy = await typing(page, async () => {
      seen = await scrollToStart(page);
    });
    const seconds = (performance.now() - started) / 1_000;
    const after = await footprint(page);
    const most = await mostMessages();

    const row = (phase: string, times: number[]) => ({
      phase,
      keys: times.length,
      'p50 ms': percentile(times, 0.5),
      'p95 ms': percentile(times, 0.95),
      'p99 ms': percentile(times, 0.99),
    });
    table([row('quiet', quiet), row('scrolling', busy)]);
    table([
      { at: 'newest page', 'heap MB': before.heapMb, 'DOM nodes': before.nodes },
      {
        at: `after ${head.toLocaleString('en')} messages`,
        'heap MB': after.heapMb,
        'DOM nodes': after.nodes,
      },
    ]);
    step(`${Math.round(head / seconds)} messages/s went by, at most ${most} of them in the page at once`);

    const faults = [
      ...(seen.length === head ? [] : [`${seen.length} of ${head} messages were seen on the way`]),
      ...(most > 0 && most <= MAX_MESSAGES ? [] : [`${most} messages in the page at once`]),
      ...(after.heapMb - before.heapMb <= MAX_HEAP_MB
        ? []
        : [`the heap grew to ${after.heapMb.toFixed(0)} MB`]),
      ...(busy.length >= KEYS ? [] : [`only ${busy.length} keys were typed on the way`]),
    ];
    for (const fault of faults) console.error(fault);
    const [value, baseline] = [percentile(busy, 0.95), percentile(quiet, 0.95)];
    return {
      bench: 'scroll',
      value,
      unit: 'ms',
      baseline,
      ratio: value / baseline,
      ok: faults.length === 0,
      detail: {
        messages: head,
        mostInPage: most,
        heapMb: [before.heapMb, after.heapMb].map(Math.round),
        domNodes: [before.nodes, after.nodes],
        typingP95Ms: Number(value.toFixed(1)),
        messagesPerSecond: Math.round(head / seconds),
        bars: { value: value < 16 },
        faults,
      },
    };
  } finally {
    await browser.close();
    await stack.stop();
  }
};

/** Straight into the store, as an import does. Returns the `seq` of the last. */
const fill = async (
  databaseUrl: string,
  conversationId: string,
  person: Person,
  count: number,
): Promise<number> => {
  const db = createDb({ connectionString: databaseUrl, poolSize: 2 });
  const start = Date.now() - count * 60_000;
  try {
    const rows = Array.from({ length: count }, (_, n) => ({
      senderId: person.id,
      clientId: randomUUID(),
      body: textOf(n),
      system: null,
      createdAt: new Date(start + n * 60_000),
    }));
    await appendHistory(db, conversationId, rows);
    const { rows: heads } = await db.pool.query<{ head: number }>(
      'select head_seq as head from conversation where id = $1',
      [conversationId],
    );
    return heads[0]?.head ?? 0;
  } finally {
    await db.close();
  }
};

/** Of very different heights, some with code and lists: what costs most to draw. */
const textOf = (n: number): string => {
  const kinds = [
    `message ${n}`,
    `message ${n}: ${'a sentence that goes on for a while, '.repeat(1 + (n % 9))}`,
    `**message** ${n} with \`code\` and https://example.com/${n}`,
    `message ${n}\n\`\`\`ts\nconst n = ${n};\nconsole.log(n);\n\`\`\``,
    `- message ${n}\n- in a list\n- of three`,
    `第 ${n} 条消息，用中文写的`,
  ];
  return kinds[(n * 7 + (n >> 3)) % kinds.length] as string;
};

const open = async (
  context: Awaited<ReturnType<Awaited<ReturnType<typeof chromium.launch>>['newContext']>>,
  url: string,
  person: Person,
): Promise<Page> => {
  const cookies = (await signInPerson(url, person)).split('; ').map((pair) => {
    const [name = ''] = pair.split('=', 1);
    return { name, value: pair.slice(name.length + 1), url, httpOnly: true, sameSite: 'Lax' as const };
  });
  await context.addCookies(cookies);
  // tsx marks the names of functions by a helper that pages do not have.
  await context.addInitScript('globalThis.__name = (target) => target');
  return context.newPage();
};

/** Types until `meanwhile` is done; times from each key to the end of its work, sorted, in ms. */
const typing = async (page: Page, meanwhile: (typed: () => number) => Promise<void>): Promise<number[]> => {
  const composer = page.getByTestId('composer');
  await composer.fill('');
  await composer.focus();
  await composer.evaluate((field) => {
    const held = window as unknown as { keys: number[]; unhook: () => void };
    held.keys = [];
    let pressedAt = 0;
    const pressed = (event: Event) => {
      pressedAt = event.timeStamp;
    };
    const typed = () => {
      const since = pressedAt;
      pressedAt = 0;
      // Emptied by us, not by a key.
      if (since === 0) return;
      // After the event's own task, in which React renders.
      queueMicrotask(() => {
        field.getBoundingClientRect();
        held.keys.push(performance.now() - since);
      });
    };
    field.addEventListener('keydown', pressed, true);
    document.addEventListener('input', typed);
    held.unhook = () => {
      field.removeEventListener('keydown', pressed, true);
      document.removeEventListener('input', typed);
    };
  });
  let done = false;
  let count = 0;
  const work = meanwhile(() => count).finally(() => {
    done = true;
  });
  while (!done) {
    await page.keyboard.press(
      'abcdefghij klmnop'[count % 17] === ' ' ? 'Space' : ('abcdefghij klmnop'[count % 17] as string),
    );
    // A text as long as people write; then from the start.
    if (++count % 120 === 0) await composer.fill('');
    await new Promise((go) => setTimeout(go, KEY_MS));
  }
  await work;
  return page.evaluate(() => {
    const held = window as unknown as { keys: number[]; unhook: () => void };
    held.unhook();
    return held.keys.sort((a, b) => a - b);
  });
};

/** One hard fling without end. Returns each `seq` that was in the page. */
const scrollToStart = (page: Page): Promise<number[]> =>
  page.getByTestId('timeline').evaluate(async (scroller, step) => {
    const seen = new Set<number>();
    while (!(scroller.scrollTop === 0 && seen.has(1))) {
      scroller.scrollTop -= step;
      await new Promise(requestAnimationFrame);
      for (const row of scroller.querySelectorAll<HTMLElement>('[data-seq]'))
        seen.add(Number(row.dataset.seq));
    }
    return [...seen];
  }, FLING_PX);
