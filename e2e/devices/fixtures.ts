import { test as kit } from '@lockstep/testing/kit';
import { type Stack, startStack } from '../stack.ts';

/** `test` with a server of its own for each file, whose parts the test may stop, kill and start. */
export const withOwnServer = (env: Record<string, string> = {}) =>
  kit.extend<object, { stack: Stack }>({
    stack: [
      // biome-ignore lint/correctness/noEmptyPattern: Playwright wants the pattern
      async ({}, use) => {
        const stack = await startStack({ RATE_LIMITS: 'off', ...env });
        await use(stack);
        await stack.stop();
      },
      { scope: 'worker', timeout: 120_000 },
    ],
    serverUrl: async ({ stack }, use) => use(stack.url),
  });
