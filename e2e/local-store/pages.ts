import { fileURLToPath } from 'node:url';
import { type BrowserContext, test as base, type CDPSession, type Page } from '@playwright/test';
import { build } from 'esbuild';
import type {} from './page.ts';
import { startProfile } from './profile.ts';

/** Never reached: every request to it is answered here. Local, so that it counts as secure. */
const ORIGIN = 'http://localhost:4';

const bundle = async (): Promise<string> => {
  const entry = fileURLToPath(new URL('./page.ts', import.meta.url));
  const { outputFiles } = await build({
    ...{ entryPoints: [entry], bundle: true, write: false, format: 'iife', target: 'es2022' },
    conditions: ['browser', 'import'],
  });
  const [file] = outputFiles;
  if (!file) throw new Error('nothing was bundled');
  return file.text;
};

const answer = (context: BrowserContext, script: string) =>
  context.route(`${ORIGIN}/**`, (route) =>
    route.fulfill({ contentType: 'text/html', body: `<!doctype html><script>${script}</script>` }),
  );

const opener = (context: BrowserContext) => async () => {
  const page = await context.newPage();
  await page.goto(ORIGIN);
  return page;
};

interface Fixtures {
  origin: string;
  /** A page of `context` with the local store and the tabs of packages/sync at hand; there is no server. */
  openTab: () => Promise<Page>;
  /** The same in a browser of its own with a profile on disk, where pages can be frozen. */
  profile: { context: BrowserContext; openTab: () => Promise<Page> };
}

export const test = base.extend<Fixtures, { script: string }>({
  script: [async ({ browserName: _ }, use) => use(await bundle()), { scope: 'worker' }],
  origin: ORIGIN,
  openTab: async ({ context, script }, use) => {
    await answer(context, script);
    await use(opener(context));
  },
  profile: async ({ script }, use) => {
    const { context, stop } = await startProfile();
    await answer(context, script);
    await use({ context, openTab: opener(context) });
    await stop();
  },
});

export { expect } from '@playwright/test';

export const devtools = (context: BrowserContext, page: Page): Promise<CDPSession> =>
  context.newCDPSession(page);
