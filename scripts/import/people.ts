import { createHash } from 'node:crypto';
import { type Db, uuidv5 } from '@lockstep/db';
import { codePoints, isVisibleName, LIMITS, withoutHidden } from '@lockstep/protocol';

/** The people of one IRC network, by nick: each a placeholder that someone can claim later. */
export class People {
  readonly #names = new Map<string, { id: string; name: string; speaks: boolean }>();

  constructor(readonly network: string) {}

  get size(): number {
    return this.#names.size;
  }

  /** Notes that a nick occurs; the first spelling becomes the name. */
  add(nick: string, speaks: boolean): void {
    const key = foldNick(nick);
    const known = this.#names.get(key);
    if (!known) this.#names.set(key, { id: personId(this.network, nick), name: nameOf(nick), speaks });
    else if (speaks) known.speaks = true;
  }

  /** Id of a nick, the same in every run, also of one that was not added. */
  id(nick: string): string {
    return this.#names.get(foldNick(nick))?.id ?? personId(this.network, nick);
  }

  /** Ids of those who said something at least once. */
  speakers(): string[] {
    return [...this.#names.values()].filter(({ speaks }) => speaks).map(({ id }) => id);
  }

  /** Stores those who are not there yet, and returns how many these were. A claimed one stays with its account. */
  async save(db: Db): Promise<number> {
    const { rowCount } = await db.pool.query(
      `insert into "user" (id, name, email, placeholder)
       select id, name, email, true from unnest($1::uuid[], $2::text[], $3::text[]) as p(id, name, email)
       on conflict do nothing`,
      [
        [...this.#names.values()].map(({ id }) => id),
        [...this.#names.values()].map(({ name }) => name),
        [...this.#names.keys()].map((key) => emailOf(this.network, key)),
      ],
    );
    return rowCount ?? 0;
  }
}

/** Nicks differ by neither case nor `{}|^` against `[]\~` (RFC 1459, 2.2: these are case pairs, for Scandinavians). */
export const foldNick = (nick: string): string =>
  nick
    .toLowerCase()
    .replace(/[{}|^]/g, (char) => ({ '{': '[', '}': ']', '|': '\\', '^': '~' })[char] as string);

const personId = (network: string, nick: string): string => uuidv5(`irc\n${network}\n${foldNick(nick)}`);

/** What `line` of packages/protocol accepts. */
const nameOf = (nick: string): string => {
  const bare = withoutHidden(nick.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '')).trim();
  const name = isVisibleName(bare) ? bare : '?';
  return codePoints(name) <= LIMITS.personName ? name : [...name].slice(0, LIMITS.personName).join('');
};

/** No mail can reach it (RFC 2606, `.invalid`); the hash keeps nicks apart that look alike without their signs. */
const emailOf = (network: string, key: string): string => {
  const slug = key.replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '') || 'nick';
  const hash = createHash('sha256').update(`${network}\n${key}`).digest('hex').slice(0, 12);
  return `${slug.slice(0, 40)}+${hash}@import.lockstep.invalid`;
};
