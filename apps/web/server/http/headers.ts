import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { LAB_HOST } from '@lockstep/core';

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
  /** Settings.lab: the Device Lab frames its devices. */
  lab?: boolean;
}

/** The page of the Device Lab, or one of its devices: hosts of this machine, in lab runs only. */
export type LabHost = 'page' | 'device';

export const labHostOf = (host: string | undefined): LabHost | null => {
  const match = LAB_HOST.exec(host ?? '');
  return match && (match[1] ? 'device' : 'page');
};

/**
 * For pages: only scripts with the nonce of this answer, and what these load, may run. Styles are inline in places
 * (positions of popovers, virtual lists), which cannot run script.
 */
export const pagePolicy = (
  nonce: string,
  { publicUrl, dev }: HeaderOptions,
  lab: LabHost | null = null,
): string => {
  const { protocol, host, port } = new URL(publicUrl);
  // For browsers whose 'self' leaves sockets out. A policy cannot name an IPv6 address: browsers complain of it.
  const sockets = host.startsWith('[') ? '' : ` ${protocol === 'https:' ? 'wss' : 'ws'}://${host}`;
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${dev ? " 'unsafe-eval'" : ''}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    `connect-src 'self'${sockets}${lab === 'device' ? ` ws://*.lab.localhost:${port}` : ''}`,
    "manifest-src 'self'",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    `frame-src ${lab === 'page' ? `http://*.lab.localhost:${port}` : "'none'"}`,
    `frame-ancestors ${lab === 'device' ? `http://lab.localhost:${port}` : "'none'"}`,
  ].join('; ');
};

type Address = Pick<HeaderOptions, 'publicUrl'>;

const alwaysHeaders = ({ publicUrl }: Address): Record<string, string> => ({
  ...ALWAYS,
  ...(publicUrl.startsWith('https:') ? { 'Strict-Transport-Security': 'max-age=31536000' } : {}),
});

/** For answers that are data, and for every refusal. */
export const dataHeaders = (options: Address): Record<string, string> => ({
  ...alwaysHeaders(options),
  'Content-Security-Policy': DATA_POLICY,
  'Cache-Control': 'no-store',
});

export const setAlways = (res: ServerResponse, options: Address): void => {
  for (const [name, value] of Object.entries(alwaysHeaders(options))) res.setHeader(name, value);
};

export const secureData = (res: ServerResponse, options: Address): void => {
  for (const [name, value] of Object.entries(dataHeaders(options))) res.setHeader(name, value);
};

/** Hands a fresh nonce to Next too, which reads it from the policy on the request. */
export const securePage = (req: IncomingMessage, res: ServerResponse, options: HeaderOptions): void => {
  const nonce = randomBytes(16).toString('base64');
  const lab = options.lab ? labHostOf(req.headers.host) : null;
  const policy = pagePolicy(nonce, options, lab);
  setAlways(res, options);
  // Next sets the caching of pages.
  res.removeHeader('Cache-Control');
  // The policy has the frame ancestors.
  if (lab === 'device') res.removeHeader('X-Frame-Options');
  res.setHeader('Content-Security-Policy', policy);
  req.headers['content-security-policy'] = policy;
  req.headers['x-nonce'] = nonce;
  // Layouts do not get the address, which is needed as the target after signing in.
  req.headers['x-path'] = req.url ?? '/';
};
