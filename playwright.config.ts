import { defineConfig } from '@playwright/test';
import { launchOptions } from './packages/testing/src/browser.ts';

// Decided by the first process, whose workers inherit it: to them LOCKSTEP_URL is also that of the server we start.
process.env.LOCKSTEP_INSTALLATION ??= process.env.LOCKSTEP_URL ?? '';
const isInstallation = process.env.LOCKSTEP_INSTALLATION !== '';

/**
 * Browser tests against the built product (e2e/stack.ts starts it), or against the server at LOCKSTEP_URL
 * (`npm run e2e -- --url`). No retries: a flaky test is a broken one.
 */
export default defineConfig({
  testDir: 'e2e',
  // Files side by side on the one server: each test has people and conversations of its own.
  workers: 2,
  ...(isInstallation
    ? { fullyParallel: true, outputDir: 'test-results/installation' }
    : { globalSetup: './e2e/stack.ts' }),
  retries: 0,
  // How fast a machine is decides no test: these end what never comes. Shorter than the time after which devices pull
  // by themselves (SWEEP_MS of packages/sync), which would hide a lost push.
  timeout: 180_000,
  expect: { timeout: 40_000 },
  reporter: isInstallation
    ? [
        ['list'],
        ['./e2e/skipped-reporter.ts'],
        ['html', { open: 'never' }],
        ['json', { outputFile: 'test-results/installation.json' }],
      ]
    : [['list'], ['json', { outputFile: 'test-results/e2e.json' }]],
  use: {
    launchOptions: await launchOptions(),
    locale: 'en-GB',
    timezoneId: 'UTC',
    // Without its film, which costs as much as the page itself where there is no GPU.
    trace: { mode: 'retain-on-failure', screenshots: false },
    screenshot: 'only-on-failure',
  },
});
