import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { LockstepError } from '@lockstep/protocol';
import type { Logger } from 'pino';
import type { Settings } from '../settings.ts';

type Request = Pick<IncomingMessage, 'headers'>;
type OriginSettings = Pick<Settings, 'PUBLIC_URL' | 'TRUSTED_ORIGINS' | 'publicUrlIsSet'> &
  Partial<Pick<Settings, 'lab'>>;

export type OriginCheck = (req: Request) => boolean;

/** The devices of the Device Lab, each an origin of its own; `lab.localhost` is its page. Loopback, whoever resolves it. */
export const LAB_HOST = /^([a-z0-9-]+\.)?lab\.localhost(:\d+)?$/;

/**
 * Whether a host (`name`, `name:port`) can be nobody's but the machine's that was asked: an IP address, or localhost. Any
 * other name can be made to lead here by who owns it (DNS rebinding).
 */
export const isLiteralHost = (host: string | undefined): boolean => {
  const name = nameOf(host);
  return isIP(name) > 0 || name === 'localhost' || name.endsWith('.localhost');
};

/** Whether a host is this machine and no other, whoever asks. */
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
 * Whether a call that changes something, or a WebSocket, comes from our own pages, so that a foreign one cannot use the
 * cookie. A browser always names the Origin of both; without one, only a request that carries no cookie passes, such as
 * a script that signs in.
 */
export const originCheck = (settings: OriginSettings): OriginCheck => {
  const { PUBLIC_URL, TRUSTED_ORIGINS, publicUrlIsSet, lab = false } = settings;
  const trusted = new Set([PUBLIC_URL, ...TRUSTED_ORIGINS]);
  return ({ headers }) => {
    const { origin, host } = headers;
    if (origin === undefined) return headers.cookie === undefined;
    const own = origin === `http://${host}`;
    if (lab && own && LAB_HOST.test(host ?? '')) return true;
    // Where nobody said under which address people come, the address they asked for is as good as ours.
    return trusted.has(origin) || (!publicUrlIsSet && own && isLiteralHost(host));
  };
};

/** Whether pages may be shown under the host that a request names. */
export const hostCheck = ({ TRUSTED_ORIGINS, publicUrlIsSet }: OriginSettings): OriginCheck => {
  const trusted = new Set(TRUSTED_ORIGINS.map((url) => new URL(url).host));
  return ({ headers: { host } }) =>
    publicUrlIsSet || host === undefined || isLiteralHost(host) || trusted.has(host.toLowerCase());
};

/** Origins that were told of; after so many they are told again. */
const TOLD = 100;

/**
 * The error `wrong_origin` with `expected` and `origin` where `originCheck` says no, null where it says yes. Logs each such origin
 * once, with what to set: behind a TLS proxy it is the one that people come by.
 */
export const originFault = (settings: OriginSettings, log: Pick<Logger, 'warn'>) => {
  const isOurs = originCheck(settings);
  const told = new Set<string>();
  return (req: Request): LockstepError | null => {
    if (isOurs(req)) return null;
    const { origin = '', host } = req.headers;
    const expected = !settings.publicUrlIsSet && isLiteralHost(host) ? `http://${host}` : settings.PUBLIC_URL;
    if (!told.has(origin)) {
      if (told.size >= TOLD) told.clear();
      told.add(origin);
      log.warn(
        { origin, expected, host },
        'refused a page of another origin: if people open Lockstep there, set PUBLIC_URL to that origin',
      );
    }
    return new LockstepError('wrong_origin', undefined, { expected, origin });
  };
};
