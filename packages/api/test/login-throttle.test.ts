import { describe, expect, test } from 'vitest';
import { LoginThrottle } from '../src/login-throttle.ts';

let now = 0;
const stranger = (email: string, address: string) => ({
  email,
  address,
  device: null,
  isKnownAddress: false,
});

/** Guesses wrongly; the wait that it was told, in ms, or 0. */
const guess = (throttle: LoginThrottle, ...who: Parameters<typeof stranger>): number => {
  try {
    throttle.begin(stranger(...who)).onFailure();
    return 0;
  } catch (error) {
    return (error as { data: { retryAfterMs: number } }).data.retryAfterMs;
  }
};
/** Waits as told before each attempt; the waits in seconds. */
const persist = (throttle: LoginThrottle, count: number, target: (n: number) => [string, string]) =>
  Array.from({ length: count }, (_, n) => {
    const wait = guess(throttle, ...target(n));
    now += wait;
    if (wait > 0) throttle.begin(stranger(...target(n))).onFailure();
    return wait / 1_000;
  });
const make = () => new LoginThrottle(() => now);

describe('guessing', () => {
  test('each further failure doubles the wait, up to 15 minutes', () => {
    const waits = persist(make(), 18, () => ['a@example.org', '192.0.2.1']);
    expect(waits).toEqual([0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
  });

  test('many addresses on one e-mail: half a minute at most', () => {
    const waits = persist(make(), 40, (n) => ['b@example.org', `192.0.2.${n}`]);
    expect(waits.slice(0, 20).every((wait) => wait === 0)).toBe(true);
    expect(waits.at(-1)).toBe(30);
  });

  test('one address on many e-mails', () => {
    const waits = persist(make(), 70, (n) => [`p${n}@example.org`, '192.0.2.3']);
    expect(waits.slice(0, 50).every((wait) => wait === 0)).toBe(true);
    expect(waits.at(-1)).toBe(900);
  });

  test('a success of the attacker’s own account between two failures does not help', () => {
    const right = (throttle: LoginThrottle) => {
      try {
        throttle.begin(stranger('mine@example.org', '192.0.2.4')).onSuccess();
      } catch {}
    };
    const count = (withRight: boolean) => {
      const throttle = make();
      const end = now + 3_600_000;
      let guessed = 0;
      for (let n = 0; now < end; n++) {
        if (withRight) right(throttle);
        const wait = guess(throttle, `victim${n}@example.org`, '192.0.2.4');
        if (wait === 0) guessed++;
        // Tries far more often than it was told to.
        else now += Math.min(wait, 500);
      }
      return guessed;
    };
    const without = count(false);
    expect(without).toBeLessThan(65);
    expect(count(true)).toBe(without);
  });

  test('correct attempts running at once are not refused, however many', () => {
    const throttle = make();
    const attempts = Array.from({ length: 3 }, () => throttle.begin(stranger('c@example.org', '192.0.2.5')));
    for (let n = 0; n < 200; n++) {
      attempts.shift()?.onSuccess();
      attempts.push(throttle.begin(stranger(`c${n % 60}@example.org`, '192.0.2.5')));
    }
    expect(attempts).toHaveLength(3);
  });

  test('an unknown outcome counts as a failure: many attempts at once do not help', () => {
    const throttle = make();
    const begun = Array.from({ length: 20 }, () => {
      try {
        return throttle.begin(stranger('d@example.org', '192.0.2.6'));
      } catch {
        return null;
      }
    }).filter((one) => one !== null);
    expect(begun).toHaveLength(5);
    for (const one of begun) one.onFailure();
    expect(guess(throttle, 'd@example.org', '192.0.2.6')).toBe(1_000);
  });

  test('an attempt that ends with an unknown outcome leaves no trace', () => {
    const throttle = make();
    for (let n = 0; n < 30; n++) throttle.begin(stranger('e@example.org', '192.0.2.7')).onUnknown();
    expect(guess(throttle, 'e@example.org', '192.0.2.7')).toBe(0);
  });

  test('a success clears its own failures, and an hour clears all', () => {
    const throttle = make();
    const who = ['f@example.org', '192.0.2.8'] as const;
    for (let n = 0; n < 4; n++) guess(throttle, ...who);
    throttle.begin(stranger(...who)).onSuccess();
    for (let n = 0; n < 5; n++) expect(guess(throttle, ...who)).toBe(0);
    expect(guess(throttle, ...who)).toBe(1_000);
    now += 3_600_001;
    expect(guess(throttle, ...who)).toBe(0);
  });

  test('a known address passes the limit of the e-mail, a known device all but its own', () => {
    const throttle = make();
    for (let n = 0; n < 30; n++) guess(throttle, 'g@example.org', `198.51.100.${n}`);
    for (let n = 0; n < 60; n++) guess(throttle, `other${n}@example.org`, '192.0.2.9');
    expect(throttle.isCounting('g@example.org')).toBe(true);
    const from = (address: string, device: string | null, isKnownAddress: boolean) => () =>
      throttle.check({ email: 'g@example.org', address, device, isKnownAddress });
    expect(from('192.0.2.10', null, false)).toThrow('rate_limited');
    expect(from('192.0.2.10', null, true)).not.toThrow();
    expect(from('192.0.2.9', null, true)).toThrow('rate_limited');
    expect(from('192.0.2.9', 'mine', false)).not.toThrow();
    for (let n = 0; n < 5; n++)
      throttle
        .begin({ email: 'g@example.org', address: '192.0.2.9', device: 'mine', isKnownAddress: false })
        .onFailure();
    expect(from('192.0.2.9', 'mine', false)).toThrow('rate_limited');
  });

  test('a password link clears the failures from its address', () => {
    const throttle = make();
    for (let n = 0; n < 9; n++) guess(throttle, 'h@example.org', '192.0.2.11');
    expect(guess(throttle, 'h@example.org', '192.0.2.11')).toBeGreaterThan(0);
    throttle.clearFailures('h@example.org', '192.0.2.11');
    expect(guess(throttle, 'h@example.org', '192.0.2.11')).toBe(0);
  });
});

describe('clocks', () => {
  test('the wall clock is put back: nobody waits for it', async () => {
    const { rateLimits } = await import('../src/rate-limits.ts');
    const { Bucket } = await import('@lockstep/core');
    const wall = Date.now;
    const [limits, throttle, bucket] = [rateLimits(), new LoginThrottle(), new Bucket(1_000_000, 1)];
    const use = () => {
      limits.take('send', 'ann');
      throttle.begin(stranger('i@example.org', '192.0.2.12')).onFailure();
      expect(bucket.take()).toBeLessThan(2);
    };
    use();
    try {
      for (const jump of [-600_000, 600_000, -86_400_000]) {
        Date.now = () => wall() + jump;
        use();
        const waits = () => {
          for (let n = 0; n < 400; n++) limits.take('send', `flood ${jump}`);
        };
        // 300 at once and 30 a second: not the ten minutes that the clock is off.
        expect(waits).toThrow(expect.objectContaining({ data: { retryAfterMs: expect.any(Number) } }));
        try {
          limits.take('send', `flood ${jump}`);
        } catch (error) {
          expect((error as { data: { retryAfterMs: number } }).data.retryAfterMs).toBeLessThan(1_000);
        }
      }
    } finally {
      Date.now = wall;
    }
  });
});
