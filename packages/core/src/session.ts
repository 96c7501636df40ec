import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import {
  type Db,
  insertSession,
  isRevoked,
  renewSession,
  type SessionRow,
  sessionByToken,
  touchSessions,
} from '@lockstep/db';
import { LockstepError } from '@lockstep/protocol';
import { isSecure, RENEW_SECONDS, SESSION_SECONDS, sessionCookieName } from './auth.ts';
import type { Actor, Core } from './context.ts';
import type { Settings } from './settings.ts';

/** How long a session that was ended by another process may still be taken for alive here, in milliseconds. */
const CACHE_MS = 5_000;
const CACHE_ENTRIES = 20_000;
/** How far `last_active_at` may be behind, and how long those to be written are gathered, in milliseconds. */
const ACTIVE_MS = 60_000;
const TOUCH_MS = 1_000;

interface Cached {
  readAt: number;
  row: SessionRow | null | 'pending';
  reading: Promise<SessionRow | null>;
  refreshing: boolean;
}

/** The device that asks for a session, for the list of one's devices. */
export interface Device {
  ipAddress: string | null;
  userAgent: string | null;
}

/**
 * Sessions by cookie. better-auth makes and stores them and signs the cookie; reading is ours, because every request
 * does it: one query a session and 5 s, without Prisma.
 */
export class Sessions {
  readonly cookieName: string;
  readonly #cache = new Map<string, Cached>();
  readonly #attributes: string;
  readonly #active = new Set<string>();

  constructor(
    readonly db: Db,
    readonly secret: string,
    settings: Settings,
  ) {
    this.cookieName = sessionCookieName(settings);
    this.#attributes = `Path=/; HttpOnly; SameSite=Lax${isSecure(settings) ? '; Secure' : ''}`;
  }

  /** The session of a `Cookie` header, or null. */
  read(cookieHeader: string | undefined): Promise<SessionRow | null> | SessionRow | null {
    const value = this.#valueOf(cookieHeader);
    if (!value) return null;
    const cached = this.#cache.get(value);
    const age = cached ? Date.now() - cached.readAt : CACHE_MS;
    if (cached && age < CACHE_MS) {
      if (cached.row === 'pending') return cached.reading;
      if (age > CACHE_MS / 2) this.#refresh(value, cached);
      return cached.row && cached.row.expiresAt > Date.now() ? cached.row : null;
    }
    const token = this.#verified(value);
    return token ? this.#lookUp(value, token) : null;
  }

  /**
   * What to answer to a cookie without a live session. Ours and revoked: the device wipes what it holds. Ours
   * otherwise: it ran out, and the device keeps what it has not sent. No cookie of ours: nothing is said.
   */
  async refusal(cookieHeader: string | undefined): Promise<LockstepError> {
    const value = this.#valueOf(cookieHeader);
    const token = value && this.#verified(value);
    if (!token) return new LockstepError('unauthenticated');
    const hash = createHash('sha256').update(token).digest('hex');
    const ended = (await isRevoked(this.db, hash)) ? 'revoked' : 'expired';
    return new LockstepError('unauthenticated', undefined, { ended });
  }

  /** Forgets a session that has ended; also every look-up in flight, which may have read it just before. */
  forget(sessionId: string): void {
    for (const [value, { row }] of this.#cache) {
      if (row === 'pending' || row?.sessionId === sessionId) this.#cache.delete(value);
    }
  }

  /** A `Set-Cookie` for a new session of this person. */
  async open(userId: string, device: Device): Promise<{ sessionId: string; setCookie: string }> {
    const token = randomBytes(24).toString('base64url');
    const sessionId = await insertSession(this.db, { userId, token, seconds: SESSION_SECONDS, ...device });
    return { sessionId, setCookie: this.#setCookie(this.sign(token), SESSION_SECONDS) };
  }

  /** Whether the session was last renewed a day ago. */
  isDue(session: SessionRow): boolean {
    return Date.now() - session.renewedAt >= RENEW_SECONDS * 1_000;
  }

  /** Lets a session that is used live 30 more days: a `Set-Cookie`, or null when it has ended. */
  async renew(session: SessionRow, cookieHeader: string | undefined): Promise<string | null> {
    const value = this.#valueOf(cookieHeader);
    if (!value || !(await renewSession(this.db, session.sessionId, SESSION_SECONDS))) return null;
    this.#cache.delete(value);
    return this.#setCookie(value, SESSION_SECONDS);
  }

  /** A `Set-Cookie` that takes the cookie away. */
  get expired(): string {
    return this.#setCookie('', 0);
  }

  /** Value of the cookie for a token, as better-auth signs it: `token.HMAC-SHA256`, percent-encoded. */
  sign(token: string): string {
    return encodeURIComponent(`${token}.${this.#hmac(token).toString('base64')}`);
  }

  /** Reads again what will soon be too old, so that nobody who goes on working has to wait for it. */
  #refresh(value: string, cached: Cached): void {
    const token = cached.refreshing ? null : this.#verified(value);
    if (!token) return;
    cached.refreshing = true;
    const readAt = Date.now();
    sessionByToken(this.db, token).then(
      (row) => {
        // Forgotten meanwhile: what was read may be older than that.
        if (this.#cache.get(value) !== cached) return;
        Object.assign(cached, { row, readAt, refreshing: false });
        this.#touch(row);
      },
      () => {
        cached.refreshing = false;
      },
    );
  }

  #lookUp(value: string, token: string): Promise<SessionRow | null> {
    const reading = sessionByToken(this.db, token);
    const entry: Cached = { readAt: Date.now(), row: 'pending', reading, refreshing: false };
    if (this.#cache.size >= CACHE_ENTRIES) this.#cache.clear();
    this.#cache.set(value, entry);
    reading.then(
      (row) => {
        entry.row = row;
        this.#touch(row);
      },
      () => {
        if (this.#cache.get(value) === entry) this.#cache.delete(value);
      },
    );
    return reading;
  }

  /**
   * Whoever reads a session uses it. Sessions are read every few seconds at most, and their activity is written once a
   * minute at most, those of a second together: no request waits for it.
   */
  #touch(row: SessionRow | null): void {
    if (!row || Date.now() - row.lastActiveAt < ACTIVE_MS) return;
    this.#active.add(row.sessionId);
    if (this.#active.size > 1) return;
    setTimeout(() => {
      const ids = [...this.#active];
      this.#active.clear();
      // Best effort: the next use writes it.
      touchSessions(this.db, ids).catch(() => {});
    }, TOUCH_MS).unref();
  }

  #valueOf(cookieHeader: string | undefined): string | null {
    if (!cookieHeader) return null;
    const start = `${this.cookieName}=`;
    for (const part of cookieHeader.split(';')) {
      const pair = part.trimStart();
      if (pair.startsWith(start)) return pair.slice(start.length).trim();
    }
    return null;
  }

  /** The token of a cookie value that we have signed, or null. */
  #verified(value: string): string | null {
    let text: string;
    try {
      text = decodeURIComponent(value);
    } catch {
      return null;
    }
    const dot = text.lastIndexOf('.');
    if (dot < 1) return null;
    const token = text.slice(0, dot);
    const given = Buffer.from(text.slice(dot + 1), 'base64');
    const wanted = this.#hmac(token);
    return given.length === wanted.length && timingSafeEqual(given, wanted) ? token : null;
  }

  #hmac(token: string): Buffer {
    return createHmac('sha256', this.secret).update(token).digest();
  }

  #setCookie(value: string, maxAge: number): string {
    return `${this.cookieName}=${value}; Max-Age=${maxAge}; ${this.#attributes}`;
  }
}

export const toActor = ({ userId, sessionId, role }: SessionRow): Actor => ({ userId, sessionId, role });

/** Who sends this `Cookie` header: null when nobody, or the session has ended. Up to 5 s old for other processes. */
export const sessionFromCookie = async (
  core: Pick<Core, 'sessions'>,
  cookieHeader: string | undefined,
): Promise<Actor | null> => {
  const session = await core.sessions.read(cookieHeader);
  return session && toActor(session);
};
