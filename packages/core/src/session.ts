import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import {
  addressesOf,
  type Db,
  insertSession,
  isRevoked,
  renewSession,
  type SessionRow,
  sessionByToken,
  touchSessions,
} from '@lockstep/db';
import { LockstepError } from '@lockstep/protocol';
import { RENEW_SECONDS, SESSION_SECONDS } from './auth.ts';
import type { FoundCookie, SessionCookie } from './session-cookie.ts';

/** How long a session ended by another process may still be accepted here, in milliseconds. */
const CACHE_MS = 5_000;
const CACHE_ENTRIES = 20_000;
/** How far `last_active_at` may lag, and how long updates of it are gathered, in milliseconds. */
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
 * Sessions by cookie. better-auth creates and stores them and signs the cookie. Reading is our own code because every
 * request does it: one query per session every 5 s, without Prisma.
 */
export class Sessions {
  readonly #cache = new Map<string, Cached>();
  readonly #active = new Set<string>();

  constructor(
    readonly db: Db,
    readonly secret: string,
    readonly cookie: SessionCookie,
  ) {}

  /** The session of a `Cookie` header, or null. */
  read(cookieHeader: string | undefined): Promise<SessionRow | null> | SessionRow | null {
    const found = this.cookie.find(cookieHeader);
    const [first] = found;
    if (!first) return null;
    return found.length === 1 ? this.#read(first) : this.#readFirst(found);
  }

  /** If several cookies may be ours, which is rare, the first with a session is used. */
  async #readFirst(found: FoundCookie[]): Promise<SessionRow | null> {
    for (const one of found) {
      const session = await this.#read(one);
      if (session) return session;
    }
    return null;
  }

  #read({ value }: FoundCookie): Promise<SessionRow | null> | SessionRow | null {
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
   * The answer to a cookie without a live session. Our cookie, revoked: the device wipes its data. Our cookie
   * otherwise: it expired, and the device keeps its unsent data. Not our cookie: no reason is given.
   */
  async refusal(cookieHeader: string | undefined): Promise<LockstepError> {
    const token = this.cookie
      .find(cookieHeader)
      .map(({ value }) => this.#verified(value))
      .find((one) => one !== null);
    if (!token) return new LockstepError('unauthenticated');
    const hash = createHash('sha256').update(token).digest('hex');
    const ended = (await isRevoked(this.db, hash)) ? 'revoked' : 'expired';
    return new LockstepError('unauthenticated', undefined, { ended });
  }

  /**
   * Clears the cached sessions of a person (or of everybody) after they ended or their permissions changed; also
   * discards look-ups in flight, which may have read the old state.
   */
  forget(userId: string | null): void {
    for (const [value, { row }] of this.#cache) {
      if (userId === null || row === 'pending' || row?.userId === userId) this.#cache.delete(value);
    }
  }

  /**
   * A `Set-Cookie` for a new session of this person. `passwordHash` is what was stored when they gave their password.
   * LockstepError `bad_credentials` when they were deactivated, or got another password, in the meantime.
   */
  async open(
    userId: string,
    device: Device,
    passwordHash: string | null = null,
  ): Promise<{ sessionId: string; setCookie: string }> {
    const token = randomBytes(24).toString('base64url');
    const session = { userId, token, seconds: SESSION_SECONDS, passwordHash, ...device };
    const sessionId = await insertSession(this.db, session);
    if (!sessionId) throw new LockstepError('bad_credentials');
    return { sessionId, setCookie: this.cookie.set(this.sign(token), SESSION_SECONDS) };
  }

  /** Addresses with a live session of the account with this e-mail (lower case): at most 100. */
  addressesOf(email: string): Promise<string[]> {
    return addressesOf(this.db, email);
  }

  /** Whether the session was last renewed more than a day ago. */
  isDue(session: SessionRow): boolean {
    return Date.now() - session.renewedAt >= RENEW_SECONDS * 1_000;
  }

  /** Extends an active session by 30 days: returns `Set-Cookie`s, none if it has ended. */
  async renew(session: SessionRow, cookieHeader: string | undefined): Promise<string[]> {
    const found = await this.#cookieOf(session, cookieHeader);
    if (!found || !(await renewSession(this.db, session.sessionId, SESSION_SECONDS))) return [];
    this.#cache.delete(found.value);
    return this.#setCookieFor(found, SESSION_SECONDS);
  }

  /** Whether the cookie has the current name; a former one is exchanged. */
  hasOwnName(cookieHeader: string | undefined): boolean {
    return this.cookie.find(cookieHeader)[0]?.name === this.cookie.name;
  }

  /** `Set-Cookie`s that move a session from another cookie name to the current one. */
  async exchange(session: SessionRow, cookieHeader: string | undefined): Promise<string[]> {
    const found = await this.#cookieOf(session, cookieHeader);
    const seconds = Math.floor((session.expiresAt - Date.now()) / 1_000);
    return found && seconds > 0 ? this.#setCookieFor(found, seconds) : [];
  }

  /** `Set-Cookie`s that delete the cookie, also one of ours with another name. */
  expire(cookieHeader: string | undefined): string[] {
    const ours = this.cookie.find(cookieHeader).filter(({ value }) => this.#verified(value) !== null);
    return [...new Set([this.cookie.name, ...ours.map(({ name }) => name)])].map((name) =>
      this.cookie.clear(name),
    );
  }

  #setCookieFor({ name, value }: FoundCookie, seconds: number): string[] {
    const own = this.cookie.set(value, seconds);
    return name === this.cookie.name ? [own] : [own, this.cookie.clear(name)];
  }

  /** The cookie that this session came with. */
  async #cookieOf(session: SessionRow, cookieHeader: string | undefined): Promise<FoundCookie | null> {
    for (const one of this.cookie.find(cookieHeader))
      if ((await this.#read(one))?.sessionId === session.sessionId) return one;
    return null;
  }

  /** Value of the cookie for a token, as better-auth signs it: `token.HMAC-SHA256`, percent-encoded. */
  sign(token: string): string {
    return encodeURIComponent(`${token}.${this.#hmac(token).toString('base64')}`);
  }

  /** Refreshes an entry before it expires, so that active users do not wait for it. */
  #refresh(value: string, cached: Cached): void {
    const token = cached.refreshing ? null : this.#verified(value);
    if (!token) return;
    cached.refreshing = true;
    const readAt = Date.now();
    sessionByToken(this.db, token).then(
      (row) => {
        // Cleared in the meantime: the result may be older than that.
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
   * Reading a session counts as activity. Activity is written at most once a minute per session, batched per second,
   * and no request waits for it.
   */
  #touch(row: SessionRow | null): void {
    if (!row || Date.now() - row.lastActiveAt < ACTIVE_MS) return;
    this.#active.add(row.sessionId);
    if (this.#active.size > 1) return;
    setTimeout(() => {
      const ids = [...this.#active];
      this.#active.clear();
      // Best effort: the next use writes it again.
      touchSessions(this.db, ids).catch(() => {});
    }, TOUCH_MS).unref();
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
    // Compare as text, because several texts decode to the same bytes.
    const given = Buffer.from(text.slice(dot + 1));
    const wanted = Buffer.from(this.#hmac(token).toString('base64'));
    return given.length === wanted.length && timingSafeEqual(given, wanted) ? token : null;
  }

  #hmac(token: string): Buffer {
    return createHmac('sha256', this.secret).update(token).digest();
  }
}
