import { startStack } from '@lockstep/testing';

/** Starts the product once for all browser tests; they find it by `LOCKSTEP_URL`. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  const stack = await startStack({ RATE_LIMITS: 'off' });
  process.env.LOCKSTEP_URL = stack.url;
  return stack.stop;
}
