import * as db from '@lockstep/db';
import type { ManagedPeoplePage, Me, PeopleChanges, Person } from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Actor, Core } from '../context.ts';
import { assertAdmin } from '../rules/admin.ts';

/** The signed-in person. */
export const getMe = (actor: Actor, core: Core): Promise<Me> =>
  db.readMe(core.db, actor.userId, actor.sessionId);

/** Any signed-in person may see the names of the workspace; never their e-mails. */
export const searchPeople = (
  _actor: Actor,
  core: Core,
  { query, limit, active }: Parsed<'people.search'>,
): Promise<Person[]> => db.searchPeople(core.db, query, limit, active);

/** Everybody, with the details that admins need to manage them, by name. Errors: `forbidden`. */
export const listPeople = (
  actor: Actor,
  core: Core,
  ask: Parsed<'admin.people'>,
): Promise<ManagedPeoplePage> => {
  assertAdmin(actor);
  return db.managedPeople(core.db, { ...ask, after: ask.after ?? null });
};

/** Unknown ids are left out. */
export const getPeople = (_actor: Actor, core: Core, { userIds }: Parsed<'people.get'>): Promise<Person[]> =>
  db.peopleByIds(core.db, userIds);

/** Changes of people since a cursor. Every signed-in person may see names. */
export const pullPeople = (
  _actor: Actor,
  core: Core,
  { afterRev, limit }: Parsed<'people.changes'>,
): Promise<PeopleChanges> => db.peopleChanges(core.db, afterRev, limit);
