import type { Queryable } from '../transaction.ts';

/**
 * What processes listen on to hear that somebody's access has changed. The payload is the id of the person, and that of
 * the session where one was revoked.
 */
export const ACCESS_CHANNEL = 'lockstep_access';

/** Tells all processes, once this transaction commits, that what they remember of this person's access is out of date. */
export const notifyAccess = async (client: Queryable, userId: string): Promise<void> => {
  await client.query('select pg_notify($1, $2)', [ACCESS_CHANNEL, userId]);
};
