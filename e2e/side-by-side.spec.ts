import { fileURLToPath } from 'node:url';
import type { Conversation } from '@lockstep/protocol';
import {
  test as base,
  converged,
  type Device,
  direct,
  expect,
  group,
  type Person,
  send,
} from '@lockstep/testing/kit';
import { build } from 'esbuild';

const WEB = fileURLToPath(new URL('../apps/web/', import.meta.url));

/** The view of a conversation alone, out of which no page of the product has more than one. */
const bundle = async (): Promise<string> => {
  const { outputFiles } = await build({
    entryPoints: [`${WEB}test/conversation/side-by-side.tsx`],
    tsconfig: `${WEB}tsconfig.json`,
    bundle: true,
    write: false,
    format: 'iife',
    jsx: 'automatic',
    conditions: ['browser', 'import'],
    loader: { '.css': 'empty' },
    define: {
      'process.env.NODE_ENV': '"production"',
      'process.env': '{}',
      'import.meta.url': 'document.baseURI',
    },
    logLevel: 'error',
  });
  return outputFiles[0]?.text ?? '';
};

const test = base.extend<object, { script: string }>({
  script: [async ({ browserName: _ }, use) => use(await bundle()), { scope: 'worker' }],
});

/** Shows these conversations beside one another, in the styles of the product, at an address that names none of them. */
const show = async ({ page }: Device, script: string, ...conversations: Conversation[]) => {
  const [styles, me] = await page.evaluate(() => [
    [...document.querySelectorAll('link[rel=stylesheet]')].map((link) => link.outerHTML).join(''),
    localStorage.getItem('lockstep.account') ?? '',
  ]);
  const ids = JSON.stringify(conversations.map(({ id }) => id));
  await page.route('**/side-by-side', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<!doctype html><html lang="en" data-lab><head>${styles}</head><body>
        <script src="/side-by-side.js"></script><script>showConversations(${me}, ${ids})</script></body></html>`,
    }),
  );
  await page.route('**/side-by-side.js', (route) =>
    route.fulfill({ contentType: 'text/javascript; charset=utf-8', body: script }),
  );
  await page.goto('/side-by-side');
  await page.waitForFunction(() => globalThis.__lockstep?.inspect().caughtUp);
  const views = conversations.map((_, n) => {
    const view = page.getByTestId(`view-${n}`);
    return {
      view,
      timeline: view.getByTestId('timeline'),
      composer: view.getByTestId('composer'),
      said: (text: string) => view.getByTestId('message').filter({ hasText: text }),
    };
  });
  for (const { view } of views) await expect(view.locator('[data-settled=true]')).toBeVisible();
  return views;
};

/** What a person has read of each conversation, as the server knows it. */
const readOf = async ({ api }: Person, { id }: Conversation): Promise<number | undefined> => {
  const page = await api.query('sync.inbox', { afterPos: 0, limit: 100 });
  return page.entries.find(({ conversation }) => conversation.id === id)?.readSeq;
};

test('two conversations in one page: each has its own text, keys and messages, and both are read', async ({
  people,
  device,
  script,
}) => {
  const [ann, ben] = await people('Ann', 'Ben');
  const [harbour, chat] = [await group('Harbour', ann, ben), await direct(ann, ben)];
  await send(ann, harbour, 'a lantern of mine');
  await send(ann, chat, 'a rope of mine');
  const laptop = await device(ann, 'laptop');
  const { page } = laptop;
  const [left, right] = await show(laptop, script, harbour, chat);
  if (!left || !right) throw new Error('two views are shown');

  await test.step('reading', async () => {
    const [one, two] = [await send(ben, harbour, 'at the quay'), await send(ben, chat, 'just you and me')];
    await expect(left.said('at the quay')).toBeVisible();
    await expect(right.said('just you and me')).toBeVisible();
    await expect(left.said('just you and me')).toHaveCount(0);
    await expect(right.said('at the quay')).toHaveCount(0);
    await expect.poll(() => readOf(ann, harbour)).toBe(one.seq);
    await expect.poll(() => readOf(ann, chat)).toBe(two.seq);
  });

  await test.step('writing and sending', async () => {
    await left.composer.fill('for the harbour');
    await right.composer.fill('for Ben');
    await expect(left.composer).toHaveValue('for the harbour');
    await left.composer.press('Enter');
    await expect(left.said('for the harbour')).toHaveAttribute('data-state', 'sent');
    await expect(left.composer).toHaveValue('');
    await expect(right.composer).toHaveValue('for Ben');
    await right.view.getByTestId('send').click();
    await expect(right.said('for Ben')).toHaveAttribute('data-state', 'sent');
    await expect(left.said('for Ben')).toHaveCount(0);
  });

  await test.step('keys of a message act in its view', async () => {
    await right.said('a rope of mine').focus();
    await page.keyboard.press('ArrowDown');
    await expect(right.said('just you and me')).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(right.composer).toBeFocused();
    await left.timeline.focus();
    await page.keyboard.press('Escape');
    await expect(left.composer).toBeFocused();
    await right.said('a rope of mine').focus();
    await page.keyboard.press('e');
    await expect(right.composer).toHaveValue('a rope of mine');
    await expect(left.composer).toHaveValue('');
    await right.composer.fill('a rope of ours');
    await right.composer.press('Enter');
    await expect(right.said('a rope of ours')).toBeVisible();
    await left.composer.press('ArrowUp');
    await expect(left.composer).toHaveValue('for the harbour');
    await left.composer.press('Escape');
  });

  await test.step('who types beside the fields writes in the view used last', async () => {
    await right.composer.fill('');
    await left.composer.fill('');
    await right.said('just you and me').click({ position: { x: 200, y: 4 } });
    await page.keyboard.type('to the right');
    await expect(right.composer).toHaveValue('to the right');
    await expect(left.composer).toHaveValue('');
    await left.said('at the quay').click({ position: { x: 200, y: 4 } });
    await page.keyboard.type('to the left');
    await expect(left.composer).toHaveValue('to the left');
    await expect(right.composer).toHaveValue('to the right');
  });

  await test.step('what is selected and copied is of one view', async () => {
    await right.said('a rope of ours').focus();
    await page.keyboard.press('ControlOrMeta+a');
    const selected = await page.evaluate(() => String(window.getSelection()));
    expect(selected).toContain('just you and me');
    expect(selected).not.toContain('at the quay');
  });

  const ids = await page.evaluate(() => [...document.querySelectorAll('[id]')].map(({ id }) => id));
  expect(ids.length).toBeGreaterThan(10);
  expect(new Set(ids).size).toBe(ids.length);
  expect(new URL(page.url()).pathname).toBe('/side-by-side');
  await converged(laptop);
});

test('one conversation twice in a page: what is written in one is in the other, keys stay in their view', async ({
  people,
  device,
  script,
}) => {
  const [ann, ben] = await people('Ann', 'Ben');
  const harbour = await group('Harbour', ann, ben);
  await send(ben, harbour, 'at the quay');
  await send(ben, harbour, 'with a lantern');
  const laptop = await device(ann, 'laptop');
  const { page } = laptop;
  const [left, right] = await show(laptop, script, harbour, harbour);
  if (!left || !right) throw new Error('two views are shown');

  await left.composer.fill('bring a rope');
  await expect(right.composer).toHaveValue('bring a rope');
  await right.composer.press('Enter');
  for (const { said, composer } of [left, right]) {
    await expect(said('bring a rope')).toHaveAttribute('data-state', 'sent');
    await expect(composer).toHaveValue('');
  }
  for (const { said, composer } of [left, right]) {
    await said('at the quay').focus();
    await page.keyboard.press('ArrowDown');
    await expect(said('with a lantern')).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(composer).toBeFocused();
  }
  const ids = await page.evaluate(() => [...document.querySelectorAll('[id]')].map(({ id }) => id));
  expect(new Set(ids).size).toBe(ids.length);
  await converged(laptop);
});
