import type { IncomingMessage } from 'node:http';
import type { Settings } from '@lockstep/core';

export type OriginCheck = (req: IncomingMessage) => boolean;

/**
 * Whether a request that changes something comes from our own pages. A browser always names the Origin of a POST;
 * without one, only a request that carries no cookie passes, such as a script that signs in.
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
