import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import { pagePolicy, securePage } from '../../server/http/headers.ts';

const headersFor = (host: string, lab: boolean): Record<string, string> => {
  const sent: Record<string, string> = {};
  const res = {
    setHeader: (name: string, value: string) => {
      sent[name] = value;
    },
    removeHeader: (name: string) => {
      delete sent[name];
    },
  };
  const req = { headers: { host }, url: '/' };
  const options = { publicUrl: 'http://localhost:3000', dev: false, lab };
  securePage(req as unknown as IncomingMessage, res as unknown as ServerResponse, options);
  return sent;
};

const directive = (headers: Record<string, string>, name: string) =>
  headers['Content-Security-Policy']?.split('; ').find((part) => part.startsWith(`${name} `));

test.each([
  ['http://localhost:3000', "connect-src 'self' ws://localhost:3000"],
  ['https://chat.example.org', "connect-src 'self' wss://chat.example.org"],
  ['http://192.168.1.5:3000', "connect-src 'self' ws://192.168.1.5:3000"],
  ['http://[::1]:3000', "connect-src 'self'"],
  ['https://[2001:db8::5]', "connect-src 'self'"],
])('sockets of %s may be opened, in words that browsers take', (publicUrl, words) => {
  const policy = pagePolicy('n', { publicUrl, dev: false });
  expect(policy.split('; ')).toContain(words);
  expect(policy).not.toMatch(/\[|\]/);
});

describe('who may frame whom', () => {
  test('nobody, whatever host a request names, where people are served', () => {
    for (const host of ['localhost:3000', 'lab.localhost:3000', 'a.lab.localhost:3000']) {
      const headers = headersFor(host, false);
      expect(headers['X-Frame-Options']).toBe('DENY');
      expect(directive(headers, 'frame-src')).toBe("frame-src 'none'");
      expect(directive(headers, 'frame-ancestors')).toBe("frame-ancestors 'none'");
    }
  });

  test('in a lab run its page frames its devices, and nothing else is framed', () => {
    const page = headersFor('lab.localhost:3000', true);
    expect(directive(page, 'frame-src')).toBe('frame-src http://*.lab.localhost:3000');
    expect(page['X-Frame-Options']).toBe('DENY');
    const device = headersFor('a.lab.localhost:3000', true);
    expect(directive(device, 'frame-ancestors')).toBe('frame-ancestors http://lab.localhost:3000');
    expect(device['X-Frame-Options']).toBeUndefined();
    const product = headersFor('localhost:3000', true);
    expect(directive(product, 'frame-ancestors')).toBe("frame-ancestors 'none'");
    expect(product['X-Frame-Options']).toBe('DENY');
  });
});
