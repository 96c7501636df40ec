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

  /** Of several that may be ours, which is rare, the first with a session. */
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
   * What to answer to a cookie without a live session. Ours and revoked: the device wipes what it holds. Ours
   * otherwise: it ran out, and the device keeps what it has not sent. No cookie of ours: nothing is said.
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
   * Forgets what is remembered of a person's sessions, which have ended or changed what they may do, or of everybody's;
   * also every look-up in flight, which may have read it just before.
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

  /** From where somebody is signed in to the account of this e-mail (lower case): at most 100 addresses. */
  addressesOf(email: string): Promise<string[]> {
    return addressesOf(this.db, email);
  }

  /** Whether the session was last renewed a day ago. */
  isDue(session: SessionRow): boolean {
    return Date.now() - session.renewedAt >= RENEW_SECONDS * 1_000;
  }

  /** Lets a session that is used live 30 more days: `Set-Cookie`s, none when it has ended. */
  async renew(session: SessionRow, cookieHeader: string | undefined): Promise<string[]> {
    const found = await this.#carrying(session, cookieHeader);
    if (!found || !(await renewSession(this.db, session.sessionId, SESSION_SECONDS))) return [];
    this.#cache.delete(found.value);
    return this.#underOurName(found, SESSION_SECONDS);
  }

  /** Whether the cookie has our name: one of before is exchanged. */
  hasOwnName(cookieHeader: string | undefined): boolean {
    return this.cookie.find(cookieHeader)[0]?.name === this.cookie.name;
  }

  /** `Set-Cookie`s that bring a session that came under another name under ours. */
  async exchange(session: SessionRow, cookieHeader: string | undefined): Promise<string[]> {
    const found = await this.#carrying(session, cookieHeader);
    const seconds = Math.floor((session.expiresAt - Date.now()) / 1_000);
    return found && seconds > 0 ? this.#underOurName(found, seconds) : [];
  }

  /** `Set-Cookie`s that take the cookie away, also one of another name that is ours. */
  expire(cookieHeader: string | undefined): string[] {
    const ours = this.cookie.find(cookieHeader).filter(({ value }) => this.#verified(value) !== null);
    return [...new Set([this.cookie.name, ...ours.map(({ name }) => name)])].map((name) =>
      this.cookie.clear(name),
    );
  }

  #underOurName({ name, value }: FoundCookie, seconds: number): string[] {
    const own = this.cookie.set(value, seconds);
    return name === this.cookie.name ? [own] : [own, this.cookie.clear(name)];
  }

  /** Which of the cookies has brought this session. */
  async #carrying(session: SessionRow, cookieHeader: string | undefined): Promise<FoundCookie | null> {
    for (const one of this.cookie.find(cookieHeader))
      if ((await this.#read(one))?.sessionId === session.sessionId) return one;
    return null;
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
    // Compared as text: several texts stand for the same bytes.
    const given = Buffer.from(text.slice(dot + 1));
    const wanted = Buffer.from(this.#hmac(token).toString('base64'));
    return given.length === wanted.length && timingSafeEqual(given, wanted) ? token : null;
  }

  #hmac(token: string): Buffer {
    return createHmac('sha256', this.secret).update(token).digest();
  }
}
