import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** On every answer, whatever it is. */
const ALWAYS = {
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
} as const;

/** For answers that are data: nothing in them may run or be framed. */
const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'";

export interface HeaderOptions {
  publicUrl: string;
  /** Hot reload evaluates code. */
  dev: boolean;
}

/**
 * For pages: only scripts with the nonce of this answer, and what these load, may run. Styles are inline in places
 * (positions of popovers, virtual lists), which cannot run script.
 */
export const pagePolicy = (nonce: string, { publicUrl, dev }: HeaderOptions): string => {
  const { protocol, host } = new URL(publicUrl);
  const sockets = `${protocol === 'https:' ? 'wss' : 'ws'}://${host}`;
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${dev ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self' ${sockets}`,
    "manifest-src 'self'",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-src 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
};

export const setAlways = (res: ServerResponse, { publicUrl }: Pick<HeaderOptions, 'publicUrl'>): void => {
  for (const [name, value] of Object.entries(ALWAYS)) res.setHeader(name, value);
  if (publicUrl.startsWith('https:')) res.setHeader('Strict-Transport-Security', 'max-age=31536000');
};

export const secureData = (res: ServerResponse, options: HeaderOptions): void => {
  setAlways(res, options);
  res.setHeader('Content-Security-Policy', DATA_POLICY);
  res.setHeader('Cache-Control', 'no-store');
};

/** Hands a fresh nonce to Next too, which reads it from the policy on the request. */
export const securePage = (req: IncomingMessage, res: ServerResponse, options: HeaderOptions): void => {
  const nonce = randomBytes(16).toString('base64');
  const policy = pagePolicy(nonce, options);
  setAlways(res, options);
  res.setHeader('Content-Security-Policy', policy);
  req.headers['content-security-policy'] = policy;
  req.headers['x-nonce'] = nonce;
  // Layouts are not told the address: where to go on after signing in.
  req.headers['x-path'] = req.url ?? '/';
};
