import type { Db } from '@lockstep/db';
import { betterAuth } from 'better-auth';
import { prismaAdapter } from 'better-auth/adapters/prisma';
import type { Logger } from 'pino';
import { SessionCookie } from './session-cookie.ts';
import type { Settings } from './settings.ts';

/** A session ends this long after its last use, in seconds. */
export const SESSION_SECONDS = 30 * 24 * 60 * 60;
/** An active session is renewed once a day. */
export const RENEW_SECONDS = 24 * 60 * 60;

interface AuthParts {
  db: Db;
  settings: Settings;
  secret: string;
  log: Logger;
}

/**
 * better-auth gives the shape of accounts and hashes passwords: scrypt on the thread pool. Its HTTP handler is not
 * mounted (docs/adr/0006); our actions use it through Passwords.
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
    user: {
      additionalFields: {
        role: { type: 'string', input: false, defaultValue: 'member' },
        placeholder: { type: 'boolean', input: false, defaultValue: false },
        lastSeenAt: { type: 'date', input: false, required: false },
      },
    },
    session: { expiresIn: SESSION_SECONDS, updateAge: RENEW_SECONDS },
    advanced: {
      // Our own cookie names include the secure prefix (session-cookie.ts).
      useSecureCookies: false,
      cookies: { session_token: { name: new SessionCookie(secret, settings).name } },
      database: { generateId: 'uuid' },
    },
    logger: {
      level: 'error',
      log: (level, message) => log[level === 'error' ? 'error' : 'debug']({ part: 'auth' }, message),
    },
  });

export type Auth = ReturnType<typeof createAuth>;
