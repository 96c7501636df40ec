import { test as kit, skipOnInstallation } from '@lockstep/testing/kit';
import { OWN_SERVER, type Stack, startStack } from '../stack.ts';

type Env = Record<string, string>;

/** `test` with a server of its own for each file, whose parts the test may stop, kill and start. `env`: its settings. */
export const withOwnServer = () => {
  skipOnInstallation(OWN_SERVER);
  return kit.extend<object, { env: Env; stack: Stack }>({
    env: [{}, { scope: 'worker', option: true }],
    stack: [
      async ({ env }, use) => {
        const stack = await startStack({ RATE_LIMITS: 'off', ...env });
        await use(stack);
        await stack.stop();
      },
      { scope: 'worker', timeout: 120_000 },
    ],
    serverUrl: async ({ stack }, use) => use(stack.url),
  });
};
