import type { Queryable } from '../transaction.ts';

/**
 * The channel for notices that somebody's access has changed. The payload is the id of the person, and that of the
 * session where one was revoked.
 */
export const ACCESS_CHANNEL = 'lockstep_access';

/** Notifies all processes, when this transaction commits, that cached access of this person is out of date. */
export const notifyAccess = async (client: Queryable, userId: string): Promise<void> => {
  await client.query('select pg_notify($1, $2)', [ACCESS_CHANNEL, userId]);
};
