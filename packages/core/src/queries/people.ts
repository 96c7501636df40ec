import * as db from '@lockstep/db';
import type { Me, Person } from '@lockstep/protocol';
import type { Actor, Core } from '../context.ts';

/** The signed-in person. */
export const getMe = (actor: Actor, core: Core): Promise<Me> =>
  db.readMe(core.db, actor.userId, actor.sessionId);

/** Any signed-in person may see the names of the workspace; never their e-mails. */
export const searchPeople = (
  _actor: Actor,
  core: Core,
  { query, limit }: { query: string; limit: number },
): Promise<Person[]> => db.searchPeople(core.db, query, limit);

/** Ids of nobody are left out. */
export const getPeople = (_actor: Actor, core: Core, { userIds }: { userIds: string[] }): Promise<Person[]> =>
  db.peopleByIds(core.db, userIds);
