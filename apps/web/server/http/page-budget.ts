import type { IncomingMessage } from 'node:http';
import { clientAddress, limitKey, noRateLimits, rateLimits } from '@lockstep/api';
import type { Settings } from '@lockstep/core/settings';
import { LockstepError } from '@lockstep/protocol';

/** Files cost nothing to speak of, and a first visit loads a hundred of them. */
const FILES = /^\/(?:_next\/static|icons|emoji)\/|^\/(?:sw\.js|manifest\.webmanifest|icon\.svg)$/;

/** Seconds to wait before this address may ask for another page; 0 when it may have this one. */
export const pageBudget = ({ RATE_LIMITS, TRUST_PROXY }: Pick<Settings, 'RATE_LIMITS' | 'TRUST_PROXY'>) => {
  const limits = RATE_LIMITS === 'on' ? rateLimits() : noRateLimits;
  return (req: IncomingMessage): number => {
    if (FILES.test(req.url?.split('?', 1)[0] ?? '')) return 0;
    try {
      limits.take('page', limitKey(clientAddress(req, TRUST_PROXY === 'on')));
      return 0;
    } catch (error) {
      if (!(error instanceof LockstepError)) throw error;
      return Math.ceil((error.data.retryAfterMs ?? 0) / 1_000);
    }
  };
};
