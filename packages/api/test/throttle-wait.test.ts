import { LockstepError } from '@lockstep/protocol';
import { expect, test } from 'vitest';
import { LoginThrottle } from '../src/login-throttle.ts';

test('retryAfterMs is whole milliseconds and never too short', () => {
  let now = 0.4;
  const throttle = new LoginThrottle(() => now);
  const guess = { email: 'a@example.org', address: '192.0.2.1', device: null, isKnownAddress: false };
  for (let n = 0; n < 5; n++) throttle.begin(guess).onFailure();
  const wait = () => {
    try {
      throttle.check(guess);
      return 0;
    } catch (error) {
      return (error as LockstepError).data.retryAfterMs ?? Number.NaN;
    }
  };
  expect(() => throttle.check(guess)).toThrow(LockstepError);
  now = 0.7;
  expect(wait()).toBe(1_000);
  now += wait();
  expect(wait()).toBe(0);
});
