import { defineConfig } from '@playwright/test';
import { launchOptions } from './packages/testing/src/browser.ts';

/** Browser tests against the built product (e2e/stack.ts starts it). No retries: a flaky test is a broken one. */
export default defineConfig({
  testDir: 'e2e',
  globalSetup: './e2e/stack.ts',
  workers: 1,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
  use: {
    launchOptions: await launchOptions(),
    locale: 'en-GB',
    timezoneId: 'UTC',
    // Without its film, which costs as much as the page itself where there is no GPU.
    trace: { mode: 'retain-on-failure', screenshots: false },
    screenshot: 'only-on-failure',
  },
});
