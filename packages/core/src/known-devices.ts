import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { SessionCookie } from './session-cookie.ts';

/** How long a device is known after it last signed in, in seconds: the longest that browsers allow is 400 days. */
const SECONDS = 365 * 24 * 60 * 60;
/** How many accounts are remembered per browser. */
const ACCOUNTS = 5;
const ENTRY = /^([A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]{22})$/;

/**
 * A cookie that says which accounts a browser has signed in to before; it grants no access. Failed attempts from
 * elsewhere do not slow down such a device (OWASP: device cookies). Nothing is stored on the server: each entry is a
 * random number and its HMAC with the e-mail.
 */
export class KnownDevices {
  readonly cookieName: string;

  /** Set with the same attributes as the session `cookie`, under a related name. */
  constructor(
    readonly secret: string,
    readonly cookie: SessionCookie,
  ) {
    this.cookieName = `${cookie.name}-known`;
  }

  /** The id of this device for the account of this e-mail; null if it never signed in to it. */
  idOf(cookieHeader: string | undefined, email: string): string | null {
    return this.#entries(cookieHeader).find((entry) => this.#isOf(entry, email))?.[1] ?? null;
  }

  /** A `Set-Cookie` after a sign-in. */
  remember(cookieHeader: string | undefined, email: string): string {
    const id = this.idOf(cookieHeader, email) ?? randomBytes(12).toString('base64url');
    const others = this.#entries(cookieHeader).filter((entry) => !this.#isOf(entry, email));
    const entries = [`${id}.${this.#mac(id, email)}`, ...others.map(([entry]) => entry)].slice(0, ACCOUNTS);
    return this.cookie.set(entries.join('~'), SECONDS, this.cookieName);
  }

  #entries(cookieHeader: string | undefined): RegExpExecArray[] {
    const start = `${this.cookieName}=`;
    const value = cookieHeader
      ?.split(';')
      .map((part) => part.trim())
      .find((part) => part.startsWith(start))
      ?.slice(start.length);
    if (!value || value.length > 1_000) return [];
    return value
      .split('~')
      .map((entry) => ENTRY.exec(entry))
      .filter((entry) => entry !== null);
  }

  #isOf([, id = '', mac = '']: RegExpExecArray, email: string): boolean {
    return timingSafeEqual(Buffer.from(mac), Buffer.from(this.#mac(id, email)));
  }

  #mac(id: string, email: string): string {
    return createHmac('sha256', this.secret)
      .update(`lockstep known device\n${id}\n${email}`)
      .digest()
      .subarray(0, 16)
      .toString('base64url');
  }
}
