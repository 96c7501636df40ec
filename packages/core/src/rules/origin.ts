import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { LockstepError } from '@lockstep/protocol';
import type { Logger } from 'pino';
import type { Settings } from '../settings.ts';

type Request = Pick<IncomingMessage, 'headers'>;
type OriginSettings = Pick<Settings, 'PUBLIC_URL' | 'TRUSTED_ORIGINS' | 'publicUrlIsSet'> &
  Partial<Pick<Settings, 'lab'>>;

export type OriginCheck = (req: Request) => boolean;

/** The devices of the Device Lab, each with its own origin; `lab.localhost` is its page. Always loopback. */
export const LAB_HOST = /^([a-z0-9-]+\.)?lab\.localhost(:\d+)?$/;

/**
 * Whether a host (`name`, `name:port`) can only mean the contacted machine: an IP address or localhost. The owner of
 * any other name can make it resolve to this machine (DNS rebinding).
 */
export const isLiteralHost = (host: string | undefined): boolean => {
  const name = nameOf(host);
  return isIP(name) > 0 || name === 'localhost' || name.endsWith('.localhost');
};

/** Whether a host is always the local machine. */
export const isLoopbackHost = (host: string | undefined): boolean => {
  const name = nameOf(host);
  return name === 'localhost' || name.endsWith('.localhost') || name === '::1' || isLoopbackV4(name);
};

const isLoopbackV4 = (name: string): boolean => isIP(name) === 4 && name.startsWith('127.');

const nameOf = (host = ''): string =>
  host
    .replace(/:\d*$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
    .toLowerCase();

/**
 * Whether a mutating call or a WebSocket comes from our own pages, so that a foreign page cannot use the cookie.
 * Browsers always send an Origin with both; without one, only a request without a cookie passes, such as a script
 * that signs in.
 */
export const originCheck = (settings: OriginSettings): OriginCheck => {
  const { PUBLIC_URL, TRUSTED_ORIGINS, publicUrlIsSet, lab = false } = settings;
  const trusted = new Set([PUBLIC_URL, ...TRUSTED_ORIGINS]);
  return ({ headers }) => {
    const { origin, host } = headers;
    if (origin === undefined) return headers.cookie === undefined;
    const own = origin === `http://${host}`;
    if (lab && own && LAB_HOST.test(host ?? '')) return true;
    // If PUBLIC_URL is not set, the requested address counts as our own.
    return trusted.has(origin) || (!publicUrlIsSet && own && isLiteralHost(host));
  };
};

/** Whether pages may be shown under the host that a request names. */
export const hostCheck = ({ TRUSTED_ORIGINS, publicUrlIsSet }: OriginSettings): OriginCheck => {
  const trusted = new Set(TRUSTED_ORIGINS.map((url) => new URL(url).host));
  return ({ headers: { host } }) =>
    publicUrlIsSet || host === undefined || isLiteralHost(host) || trusted.has(host.toLowerCase());
};

/** How many logged origins are remembered; after that they are logged again. */
const LOGGED_ORIGINS = 100;

/**
 * The error `wrong_origin` with `expected` and `origin` if `originCheck` fails, otherwise null. Logs each such origin
 * once with the setting to change: behind a TLS proxy it is the public one.
 */
export const originFault = (settings: OriginSettings, log: Pick<Logger, 'warn'>) => {
  const isAllowed = originCheck(settings);
  const logged = new Set<string>();
  return (req: Request): LockstepError | null => {
    if (isAllowed(req)) return null;
    const { origin = '', host } = req.headers;
    const expected = !settings.publicUrlIsSet && isLiteralHost(host) ? `http://${host}` : settings.PUBLIC_URL;
    if (!logged.has(origin)) {
      if (logged.size >= LOGGED_ORIGINS) logged.clear();
      logged.add(origin);
      log.warn(
        { origin, expected, host },
        'refused a page of another origin: if people open Lockstep there, set PUBLIC_URL to that origin',
      );
    }
    return new LockstepError('wrong_origin', undefined, { expected, origin });
  };
};
