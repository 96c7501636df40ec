import type { IncomingMessage } from 'node:http';
import type { Settings } from '../settings.ts';

export type OriginCheck = (req: Pick<IncomingMessage, 'headers'>) => boolean;

/**
 * Whether a call that changes something, or a WebSocket, comes from our own pages, so that a foreign one cannot use the
 * cookie. A browser always names the Origin of both; without one, only a request that carries no cookie passes, such as
 * a script that signs in.
 */
export const originCheck = ({
  PUBLIC_URL,
  TRUSTED_ORIGINS,
  publicUrlIsSet,
}: Pick<Settings, 'PUBLIC_URL' | 'TRUSTED_ORIGINS' | 'publicUrlIsSet'>): OriginCheck => {
  const trusted = new Set([PUBLIC_URL, ...TRUSTED_ORIGINS].map((url) => new URL(url).origin));
  return ({ headers }) => {
    const { origin } = headers;
    if (origin === undefined) return headers.cookie === undefined;
    // Where nobody said under which address people come, the host they asked for is as good as ours.
    return trusted.has(origin) || (!publicUrlIsSet && origin === `http://${headers.host}`);
  };
};
