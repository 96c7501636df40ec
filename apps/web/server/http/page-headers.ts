import type { IncomingMessage } from 'node:http';

/** What pages, and Next on their behalf, may read of a request. */
const KNOWN = new Set([
  ...['host', 'connection', 'user-agent', 'cookie', 'origin', 'referer', 'range'],
  ...['accept', 'accept-language', 'accept-encoding', 'cache-control', 'pragma', 'purpose'],
  ...['if-none-match', 'if-modified-since', 'if-match', 'if-unmodified-since', 'if-range'],
  ...['rsc', 'next-url', 'next-router-state-tree', 'next-router-prefetch', 'next-router-segment-prefetch'],
]);

/**
 * Removes every other header: Next trusts its internal ones (`x-middleware-subrequest`, `x-matched-path`,
 * `next-action`, …) whoever sends them.
 */
export const keepKnownHeaders = ({ headers }: IncomingMessage): void => {
  for (const name of Object.keys(headers)) {
    if (!KNOWN.has(name) && !name.startsWith('sec-')) delete headers[name];
  }
};
