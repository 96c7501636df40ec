import * as db from '@lockstep/db';
import { LIMITS, LockstepError, type Person, type StateDigest } from '@lockstep/protocol';
import type { Core } from './context.ts';
import type { Device } from './session.ts';

/**
 * What the Device Lab may do beyond the API: act as anybody. Everything here is `not_found` unless Settings.lab is
 * set (development and test runs).
 */
const guard = (core: Core): void => {
  if (!core.settings.lab) throw new LockstepError('not_found');
};

/** People with an account, by name. */
export const people = async (core: Core, query: string): Promise<Person[]> => {
  guard(core);
  return (await db.searchPeople(core.db, query, LIMITS.page)).filter(({ placeholder }) => !placeholder);
};

/** A `Set-Cookie` for a new session of this person. `not_found` for an unknown id. */
export const enter = async (core: Core, userId: string, device: Device): Promise<string> => {
  guard(core);
  if ((await db.peopleByIds(core.db, [userId])).length === 0) throw new LockstepError('not_found');
  return (await core.sessions.open(userId, device)).setCookie;
};

/** The digest that the devices of this person must have (rule 12). */
export const digest = (core: Core, userId: string): Promise<StateDigest> => {
  guard(core);
  return db.stateDigest(core.db, userId, []);
};
