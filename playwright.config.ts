import { defineConfig } from '@playwright/test';
import { launchOptions } from './packages/testing/src/browser.ts';

/** Browser tests against the built product (e2e/stack.ts starts it). No retries: a flaky test is a broken one. */
export default defineConfig({
  testDir: 'e2e',
  globalSetup: './e2e/stack.ts',
  // Files side by side on the one server: each test has people and conversations of its own.
  workers: 2,
  retries: 0,
  // How fast a machine is decides no test: these end what never comes. Shorter than the time after which devices pull
  // by themselves (SWEEP_MS of packages/sync), which would hide a lost push.
  timeout: 180_000,
  expect: { timeout: 40_000 },
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
