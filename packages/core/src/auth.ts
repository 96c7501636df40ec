import type { Db } from '@lockstep/db';
import { LIMITS } from '@lockstep/protocol';
import { betterAuth } from 'better-auth';
import { prismaAdapter } from 'better-auth/adapters/prisma';
import type { Logger } from 'pino';
import type { Settings } from './settings.ts';

/** A session ends this long after its last use, in seconds. */
export const SESSION_SECONDS = 30 * 24 * 60 * 60;
/** A session that is used is renewed once a day. */
export const RENEW_SECONDS = 24 * 60 * 60;

interface AuthParts {
  db: Db;
  settings: Settings;
  secret: string;
  log: Logger;
}

/**
 * better-auth keeps accounts and checks passwords: scrypt on the thread pool, also for unknown e-mails, so that both
 * take as long. Its HTTP handler is not mounted (docs/adr/0006); our actions call `auth.api`.
 */
export const createAuth = ({ db, settings, secret, log }: AuthParts) =>
  betterAuth({
    appName: 'Lockstep',
    baseURL: settings.PUBLIC_URL,
    basePath: '/api/auth',
    secret,
    telemetry: { enabled: false },
    database: prismaAdapter(db.prisma, { provider: 'postgresql' }),
    trustedOrigins: settings.TRUSTED_ORIGINS,
    emailAndPassword: {
      enabled: true,
      minPasswordLength: LIMITS.passwordMin,
      maxPasswordLength: LIMITS.passwordMax,
      // Accounts are made by the action signUp, which has the invitation and the first admin in the same transaction.
      disableSignUp: true,
    },
    user: {
      additionalFields: {
        role: { type: 'string', input: false, defaultValue: 'member' },
        placeholder: { type: 'boolean', input: false, defaultValue: false },
        lastSeenAt: { type: 'date', input: false, required: false },
      },
    },
    session: { expiresIn: SESSION_SECONDS, updateAge: RENEW_SECONDS },
    advanced: {
      cookiePrefix: COOKIE_PREFIX,
      useSecureCookies: isSecure(settings),
      database: { generateId: 'uuid' },
      ipAddress: { ipAddressHeaders: [CLIENT_IP_HEADER] },
    },
    logger: {
      level: 'error',
      log: (level, message) => log[level === 'error' ? 'error' : 'debug']({ part: 'auth' }, message),
    },
  });

export type Auth = ReturnType<typeof createAuth>;

const COOKIE_PREFIX = 'lockstep';
/** How our actions tell better-auth the address; never read from a request. */
export const CLIENT_IP_HEADER = 'x-lockstep-client-ip';

export const isSecure = ({ PUBLIC_URL }: Pick<Settings, 'PUBLIC_URL'>): boolean =>
  PUBLIC_URL.startsWith('https:');

/** The cookie that better-auth reads and writes. */
export const sessionCookieName = (settings: Pick<Settings, 'PUBLIC_URL'>): string =>
  `${isSecure(settings) ? '__Secure-' : ''}${COOKIE_PREFIX}.session_token`;
