import { createHmac } from 'node:crypto';
import type { Settings } from './settings.ts';

export interface FoundCookie {
  name: string;
  value: string;
}

/** Maximum number of candidate cookies per header; more of them are an attack. */
const MAX_CANDIDATES = 5;

/** The former name of the cookie, when all workspaces of a host shared one name. */
const FORMER = { plain: 'lockstep.session_token', secure: '__Secure-lockstep.session_token' } as const;

/**
 * The name of the session cookie. Cookies are shared by all ports of a host, so each workspace has its own name,
 * derived from its key and address. Over https it begins with `__Host-`, so that no other host of the domain can set
 * it.
 */
export class SessionCookie {
  readonly name: string;
  readonly #formerName: string;
  readonly #ownPattern: RegExp;
  readonly #attributes: string;

  constructor(secret: string, settings: Pick<Settings, 'PUBLIC_URL'>) {
    const secure = settings.PUBLIC_URL.startsWith('https:');
    const id = createHmac('sha256', secret).update(`cookie ${settings.PUBLIC_URL}`).digest('hex').slice(0, 8);
    const start = `${secure ? '__Host-' : ''}lockstep-`;
    this.name = `${start}${id}`;
    this.#formerName = secure ? FORMER.secure : FORMER.plain;
    this.#ownPattern = new RegExp(`^${start}[0-9a-f]{8}$`);
    this.#attributes = `Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`;
  }

  /**
   * Cookies of a `Cookie` header that may contain a session: the one with our name; otherwise the one with the former
   * name, then those that this workspace may have set under another address.
   */
  find(header: string | undefined): FoundCookie[] {
    if (!header) return [];
    const others: FoundCookie[] = [];
    let former: FoundCookie | undefined;
    for (const part of header.split(';')) {
      const at = part.indexOf('=');
      const cookie = { name: part.slice(0, at).trim(), value: part.slice(at + 1).trim() };
      if (at < 1 || !cookie.value) continue;
      if (cookie.name === this.name) return [cookie];
      if (cookie.name === this.#formerName) former ??= cookie;
      else if (others.length < MAX_CANDIDATES && this.#ownPattern.test(cookie.name)) others.push(cookie);
    }
    return former ? [former, ...others] : others;
  }

  /** A `Set-Cookie`. */
  set(value: string, maxAgeSeconds: number, name = this.name): string {
    return `${name}=${value}; Max-Age=${maxAgeSeconds}; ${this.#attributes}`;
  }

  /** A `Set-Cookie` that deletes it. */
  clear(name = this.name): string {
    return this.set('', 0, name);
  }
}
