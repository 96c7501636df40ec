import { channel, expect, footprint, sendMany, test, watchMessageNodes } from '@lockstep/testing/kit';
import type { Page } from '@playwright/test';

// Recording every step of it takes longer than the steps.
test.use({ trace: 'off' });

/** `npm run bench -- scroll` goes through 50,000. */
const MESSAGES = 10_000;
/** Nodes with data-testid="message" that may be in the page at any time. */
const MAX_NODES = 300;
/** What the heap may grow by on the way, in MB: what is far away is let go. */
const MAX_HEAP_MB = 48;
/** How far an anchor may be from where it belongs, in px: the rounding of scroll positions. */
const TOLERANCE = 1;

const CLOSE_TO_ENDLESS = 'word '.repeat(120);
/** Texts of very different heights, so that a wrong estimate shows. */
const text = (n: number): string => {
  const kinds = [
    `message ${n}`,
    `message ${n}: a sentence that is long enough to need two lines on a narrow screen and one on a wide one`,
    `message ${n}\nwith a second line\nand a third`,
    `**message** ${n} with \`code\` and https://example.com/${n}`,
    `message ${n}\n\`\`\`ts\nconst n = ${n};\nconsole.log(n);\n\`\`\``,
    `- message ${n}\n- in a list\n- of three`,
    `message ${n}: ${CLOSE_TO_ENDLESS}`,
  ];
  return kinds[(n * 7 + (n >> 3)) % kinds.length] as string;
};

const timeline = (page: Page) => page.getByTestId('timeline');
const settled = (page: Page) => expect(timeline(page)).toHaveAttribute('data-settled', 'true');

interface Anchor {
  key: string;
  /** Of its upper edge in the window, in px. */
  top: number;
}

/** The first message that is wholly in view, and as far from the upper edge as is said (px). */
const anchor = (page: Page, from = 0): Promise<Anchor> =>
  timeline(page).evaluate((scroller, distance) => {
    const view = scroller.getBoundingClientRect();
    const rows = [...scroller.querySelectorAll<HTMLElement>('[data-testid="message"]')];
    const inView = (row: HTMLElement) => {
      const box = row.getBoundingClientRect();
      return box.bottom > view.top && box.top >= view.top + distance && box.top < view.bottom;
    };
    const row = rows.find(inView);
    if (!row) throw new Error('no message in view');
    return { key: row.dataset.key ?? '', top: row.getBoundingClientRect().top };
  }, from);

const topOf = (page: Page, key: string): Promise<number | null> =>
  timeline(page).evaluate(
    (scroller, wanted) =>
      scroller.querySelector(`[data-key="${CSS.escape(wanted)}"]`)?.getBoundingClientRect().top ?? null,
    key,
  );

/** Resolves once there are messages in view, which a slow machine draws some frames after a fling, and nothing has moved for some frames. */
const still = (page: Page): Promise<void> =>
  timeline(page).evaluate(
    (scroller) =>
      new Promise<void>((resolve) => {
        let last = '';
        let same = 0;
        const look = () => {
          const view = scroller.getBoundingClientRect();
          const middle = document.elementFromPoint(
            (view.left + view.right) / 2,
            (view.top + view.bottom) / 2,
          );
          const isDrawn = Boolean(middle?.closest('[data-testid="message"]'));
          const row = scroller.querySelector('[data-testid="message"]');
          const now = `${scroller.scrollTop} ${scroller.scrollHeight} ${row?.getBoundingClientRect().top}`;
          same = isDrawn && now === last ? same + 1 : 0;
          last = now;
          if (same >= 3) resolve();
          else requestAnimationFrame(look);
        };
        look();
      }),
  );

/** Flings by eight screens a frame, as fast as pages come in. */
const fling = async (page: Page, times: number, direction: 1 | -1 = -1): Promise<void> => {
  for (let i = 0; i < times; i++) {
    await timeline(page).evaluate((scroller, sign) => {
      scroller.scrollTop += sign * 8 * scroller.clientHeight;
      return new Promise((resolve) => requestAnimationFrame(resolve));
    }, direction);
  }
  await still(page);
};

/** Turns the wheel once: how far the first message in view then is from where it belongs, in px; null at an end. */
const wheel = async (page: Page, by: 200 | -200): Promise<number | null> => {
  // Down: one that is still there afterwards.
  const before = await anchor(page, Math.max(0, by));
  const left = await timeline(page).evaluate(
    (scroller, down) =>
      down ? scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight : scroller.scrollTop,
    by > 0,
  );
  if (left < 200) return null;
  await page.mouse.wheel(0, by);
  await expect.poll(async () => (await topOf(page, before.key)) !== before.top).toBe(true);
  await still(page);
  const after = await topOf(page, before.key);
  if (after === null) throw new Error(`anchor ${before.key} left the page`);
  return Math.abs(after - before.top + by);
};

test('scrolling up through 10,000 messages never jumps and keeps the page small', async ({
  people,
  device,
}) => {
  test.setTimeout(480_000);
  const [hana] = await people('Hana');
  const history = await channel('History', hana);
  await sendMany(hana, history, MESSAGES, text);
  const laptop = await device(hana, 'laptop');
  const { page } = laptop;
  await page.goto(`/c/${history.id}`);
  await settled(page);
  await expect(laptop.said(`message ${MESSAGES}`).last()).toBeVisible();
  const mostMessages = await watchMessageNodes(page);
  const light = await footprint(page);
  const box = await timeline(page).boundingBox();
  if (!box) throw new Error('no timeline');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);

  let worst = 0;
  let checked = 0;
  for (let turn = 0; ; turn++) {
    await fling(page, 16);
    const offset = await timeline(page).evaluate((scroller) => scroller.scrollTop);
    if (offset === 0 && (await page.getByTestId('start-marker').count()) > 0) break;
    const off = await wheel(page, -200);
    if (off === null) continue;
    worst = Math.max(worst, off);
    expect(worst, `turn ${turn}`).toBeLessThanOrEqual(TOLERANCE);
    checked++;
  }
  expect(checked).toBeGreaterThan(10);
  const mostNodes = await mostMessages();
  expect(mostNodes).toBeLessThan(MAX_NODES);
  expect(mostNodes).toBeGreaterThan(0);
  const heavy = await footprint(page);
  expect(heavy.heapMb - light.heapMb).toBeLessThan(MAX_HEAP_MB);
  const heap = `heap ${light.heapMb.toFixed(0)} to ${heavy.heapMb.toFixed(0)} MB, DOM ${light.nodes} to ${heavy.nodes}`;
  const description = `worst ${worst} px, ${mostNodes} messages in the page at most, ${heap}`;
  test.info().annotations.push({ type: 'scroll', description });
  console.log(description);

  await test.step('and back to the newest', async () => {
    await page.getByTestId('jump-to-newest').click();
    await expect(laptop.said(`message ${MESSAGES}`).last()).toBeVisible();
  });
});

test('nothing jumps on a slow machine and a slow network either, up and down', async ({ people, device }) => {
  test.setTimeout(120_000);
  const [noa] = await people('Noa');
  const history = await channel('History', noa);
  await sendMany(noa, history, 3_000, text);
  const laptop = await device(noa, 'laptop');
  const { page } = laptop;
  await page.goto(`/c/${history.id}`);
  await settled(page);
  await expect(laptop.said('message 3000').last()).toBeVisible();
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 3 });
  await cdp.send('Network.enable');
  // Pages come while rows of the last fling are still measured.
  const network = { offline: false, latency: 120, downloadThroughput: -1, uploadThroughput: -1 };
  await cdp.send('Network.emulateNetworkConditions', network);
  const box = await timeline(page).boundingBox();
  if (!box) throw new Error('no timeline');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  for (const direction of [-1, 1] as const) {
    let checked = 0;
    for (let turn = 0; turn < 25; turn++) {
      await fling(page, 1 + (turn % 4), direction);
      const off = await wheel(page, direction === 1 ? 200 : -200);
      if (off === null) continue;
      expect(off, `turn ${turn}, ${direction}`).toBeLessThanOrEqual(TOLERANCE);
      checked++;
    }
    expect(checked).toBeGreaterThan(5);
  }
});

for (const reducedMotion of ['no-preference', 'reduce'] as const)
  test(`a conversation stands at its end while history comes in above (motion: ${reducedMotion})`, async ({
    people,
    device,
  }) => {
    const [lea] = await people('Lea');
    const history = await channel('History', lea);
    await sendMany(lea, history, 400);
    const laptop = await device(lea, 'laptop');
    const { page } = laptop;
    await page.emulateMedia({ reducedMotion });
    await page.goto(`/c/${history.id}`);
    await settled(page);
    // As high as the history that is fetched ahead of the reader, and as far from the end as it was at any frame.
    const worst = await timeline(page).evaluate(
      (scroller) =>
        new Promise<number>((resolve) => {
          let most = 0;
          let lastHeight = 0;
          let same = 0;
          const look = () => {
            const { scrollHeight, scrollTop, clientHeight } = scroller;
            most = Math.max(most, scrollHeight - scrollTop - clientHeight);
            same = scrollHeight === lastHeight ? same + 1 : 0;
            lastHeight = scrollHeight;
            if (scrollHeight > 4 * clientHeight && same > 30) resolve(most);
            else requestAnimationFrame(look);
          };
          look();
        }),
    );
    expect(worst).toBeLessThanOrEqual(TOLERANCE);
    await expect(laptop.said('message 400').last()).toBeInViewport();
  });

test('a message that arrives, one that is sent and a window that is resized leave the place alone', async ({
  people,
  device,
}) => {
  const [ida, ben] = await people('Ida', 'Ben');
  const history = await channel('History', ida);
  await sendMany(ida, history, 300, text);
  await ida.api.mutate('conversations.addMembers', { conversationId: history.id, userIds: [ben.id] });
  const mine = await device(ida, 'laptop');
  const other = await device(ben, 'laptop');
  for (const { page } of [mine, other]) {
    await page.goto(`/c/${history.id}`);
    await settled(page);
  }
  const { page } = mine;
  await timeline(page).evaluate((scroller) => {
    scroller.scrollTop -= 4_000;
  });
  await still(page);

  const before = await anchor(page);
  await other.say('are you still reading?');
  await expect(page.getByTestId('jump-to-newest')).toContainText('1 new message');
  expect(await topOf(page, before.key)).toBeCloseTo(before.top, 0);

  await page.setViewportSize({ width: 1440, height: 700 });
  await still(page);
  expect(Math.abs(((await topOf(page, before.key)) ?? 1e9) - before.top)).toBeLessThanOrEqual(TOLERANCE);
  await page.setViewportSize({ width: 1000, height: 900 });
  await still(page);
  const top = await timeline(page).evaluate((scroller) => scroller.getBoundingClientRect().top);
  const after = (await topOf(page, before.key)) ?? 1e9;
  // What stands above it wraps anew: the row that is cut by the upper edge may grow by some lines.
  expect(after).toBeGreaterThanOrEqual(top - TOLERANCE);
  expect(after).toBeLessThan(before.top + 200);

  await test.step('at the newest message it stays at the newest', async () => {
    await page.getByTestId('jump-to-newest').click();
    await expect(mine.said('are you still reading?')).toBeVisible();
    const atEnd = () =>
      timeline(page).evaluate((s) => Math.abs(s.scrollHeight - s.scrollTop - s.clientHeight) <= 1);
    await expect.poll(atEnd).toBe(true);
    await other.say('line\n'.repeat(12));
    await expect(mine.said('line').last()).toBeVisible();
    await expect.poll(atEnd).toBe(true);
    for (const size of [
      { width: 600, height: 500 },
      { width: 1440, height: 900 },
    ]) {
      await page.setViewportSize(size);
      await expect.poll(atEnd).toBe(true);
    }
    await mine.say('yes, I am');
    await expect(mine.said('yes, I am')).toHaveAttribute('data-state', 'sent');
    await expect.poll(atEnd).toBe(true);
  });
});
