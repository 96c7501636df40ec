import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRegistry, sampled, serveMetrics } from '@lockstep/core/metrics';
import pino from 'pino';
import { describe, expect, it } from 'vitest';

describe('a reading for scrapes', () => {
  const clock = () => {
    let now = 0;
    return {
      now: () => now,
      advance: (ms: number) => {
        now += ms;
      },
    };
  };

  it('is asked once for all who scrape, and again when it is 5 s old', async () => {
    const { now, advance } = clock();
    let asked = 0;
    const read = sampled(async () => ++asked, {}, now);
    expect(await Promise.all([read(), read(), read()])).toEqual([1, 1, 1]);
    advance(4_999);
    expect(await read()).toBe(1);
    advance(1);
    expect(await read()).toBe(2);
  });

  it('is not waited for when it hangs, and not asked a second time: the last one stands in, for a minute', async () => {
    const { now, advance } = clock();
    let asked = 0;
    const read = sampled(
      () => (++asked === 1 ? Promise.resolve('known') : new Promise(() => {})),
      { waitMs: 5 },
      now,
    );
    expect(await read()).toBe('known');
    advance(5_000);
    expect([await read(), await read(), asked]).toEqual(['known', 'known', 2]);
    advance(55_000);
    expect(await read()).toBeUndefined();
  });

  it('is none when it fails, until it works', async () => {
    let works = false;
    const read = sampled(async () => {
      if (!works) throw new Error('away');
      return 'here';
    });
    expect(await read()).toBeUndefined();
    works = true;
    expect(await read()).toBe('here');
  });
});

describe('the port of /metrics', () => {
  it('is taken over when the one who had it is gone, and nothing fails until then', async () => {
    const earlier = createServer();
    await new Promise<void>((resolve) => earlier.listen(0, '127.0.0.1', resolve));
    const { port } = earlier.address() as AddressInfo;
    const lines: string[] = [];
    const log = pino({}, { write: (line: string) => void lines.push(line) });
    const server = serveMetrics(createRegistry(), { host: '127.0.0.1', port, log });
    const status = () =>
      fetch(`http://127.0.0.1:${port}/metrics`).then(
        (answer) => answer.status,
        () => 0,
      );
    await expect.poll(() => lines.join('')).toContain('cannot listen');
    await new Promise((resolve) => earlier.close(resolve));
    await expect.poll(status).toBe(200);
    await server.close();
    expect(await status()).toBe(0);
  });
});
