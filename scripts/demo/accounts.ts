import { randomInt } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCore, type Settings, silentPublisher } from '@lockstep/core';
import { createAccount, type Db, setSignUpMode } from '@lockstep/db';
import pino from 'pino';
import { CAST, emailOf, type Key } from './cast.ts';

export type People = Record<Key, string>;

const KEYS = Object.keys(CAST) as Key[];

/** The demo's people, by key, as far as they are there; and whether the workspace belongs to others. */
export const findPeople = async (db: Db): Promise<{ people: Partial<People>; hasOtherPeople: boolean }> => {
  const { rows } = await db.pool.query<{ id: string; key: Key | null }>(
    `select u.id, k.key from "user" u
     left join unnest($1::text[], $2::text[]) as k(key, email) on k.email = u.email where not u.placeholder`,
    [KEYS, KEYS.map(emailOf)],
  );
  const people: Partial<People> = {};
  for (const { id, key } of rows) if (key) people[key] = id;
  return { people, hasOtherPeople: rows.some(({ key }) => key === null) };
};

/**
 * Makes the accounts that are missing, Ann's first, who so becomes the admin. They share one password; all get it anew
 * where it differs from what they had, because its file was removed.
 */
export const createPeople = async (db: Db, settings: Settings, known: Partial<People>): Promise<People> => {
  const { password, isNew } = savedPassword(settings.DATA_DIR);
  const log = pino({ level: 'silent' });
  const core = createCore({ db, settings, log, publish: silentPublisher, enqueueConversations: () => {} });
  const { password: passwords } = await core.auth.$context;
  const missing = KEYS.filter((key) => !known[key]);
  const people = { ...known };
  const passwordHash = missing.length > 0 || isNew ? await passwords.hash(password) : '';
  for (const key of missing) {
    people[key] = await createAccount(db, {
      name: CAST[key],
      email: emailOf(key),
      passwordHash,
      invitationHash: null,
      defaultSignUp: 'open',
    });
  }
  // The accounts above were made with sign-up open, whatever the workspace is to have.
  if (missing.length === KEYS.length) await setSignUpMode(db.pool, settings.SIGN_UP);
  if (isNew) {
    await db.pool.query('update account set password = $2 where user_id = any($1::uuid[])', [
      Object.values(people),
      passwordHash,
    ]);
  }
  return people as People;
};

/** A password of this installation's own, kept for its owner only: the demo's admin must not be anyone's. */
export const savedPassword = (dataDir: string): { password: string; isNew: boolean } => {
  const file = join(dataDir, 'demo.json');
  try {
    return { password: JSON.parse(readFileSync(file, 'utf8')).password, isNew: false };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const words = ['ridge', 'larch', 'cairn', 'heron', 'spruce', 'gravel', 'meadow', 'tarn', 'lichen', 'scree'];
  const word = () => words[randomInt(words.length)];
  const password = `${word()}-${word()}-${word()}-${randomInt(1_000, 10_000)}`;
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(file, JSON.stringify({ password }), { mode: 0o600 });
  return { password, isNew: true };
};
