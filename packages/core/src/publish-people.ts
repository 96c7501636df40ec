import { firstRevOf, peopleChanges, refreshLookAlikes } from '@lockstep/db';
import type { Core } from './context.ts';

/**
 * After the commit of a change of these people: marks names that look alike by now, and tells everyone of all that has
 * changed since. Best effort: whoever misses it pulls (rule 9), marks that are missing come with the next change. What is
 * told twice does no harm, devices go by `rev`.
 */
export const publishPeople = async (core: Core, userIds: string[]): Promise<void> => {
  try {
    const marked = await refreshLookAlikes(core.db);
    const first = await firstRevOf(core.db, [...userIds, ...marked]);
    if (first === 0) return;
    const after = first - 1;
    const { people, to, reset } = await peopleChanges(core.db, after);
    // Very many at once, such as by an import: whoever is online sees the gap and asks.
    core.publish.people({ after: reset ? to : after, people, to });
  } catch (error) {
    core.log.warn({ err: error, userIds }, 'push of people failed');
  }
};
