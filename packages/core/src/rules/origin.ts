import type { IncomingMessage } from 'node:http';
import type { Settings } from '../settings.ts';

export type OriginCheck = (req: Pick<IncomingMessage, 'headers'>) => boolean;

/** The devices of the Device Lab, each an origin of its own; `lab.localhost` is its page. Loopback, whoever resolves it. */
export const LAB_HOST = /^([a-z0-9-]+\.)?lab\.localhost(:\d+)?$/;

/**
 * Whether a call that changes something, or a WebSocket, comes from our own pages, so that a foreign one cannot use the
 * cookie. A browser always names the Origin of both; without one, only a request that carries no cookie passes, such as
 * a script that signs in.
 */
export const originCheck = ({
  PUBLIC_URL,
  TRUSTED_ORIGINS,
  publicUrlIsSet,
  lab = false,
}: Pick<Settings, 'PUBLIC_URL' | 'TRUSTED_ORIGINS' | 'publicUrlIsSet'> &
  Partial<Pick<Settings, 'lab'>>): OriginCheck => {
  const trusted = new Set([PUBLIC_URL, ...TRUSTED_ORIGINS].map((url) => new URL(url).origin));
  return ({ headers }) => {
    const { origin } = headers;
    if (origin === undefined) return headers.cookie === undefined;
    const own = origin === `http://${headers.host}`;
    if (lab && own && LAB_HOST.test(headers.host ?? '')) return true;
    // Where nobody said under which address people come, the host they asked for is as good as ours.
    return trusted.has(origin) || (!publicUrlIsSet && own);
  };
};
