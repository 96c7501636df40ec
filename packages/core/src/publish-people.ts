import { firstRevOf, peopleChanges, refreshLookAlikes } from '@lockstep/db';
import type { Core } from './context.ts';

/**
 * After a change of these people is committed: marks names that now look alike, and pushes all changes since to
 * everyone. Best effort: devices that miss it pull (rule 9), missing marks come with the next change. Duplicates are
 * harmless, because devices compare `rev`.
 */
export const publishPeople = async (core: Core, userIds: string[]): Promise<void> => {
  try {
    const marked = await refreshLookAlikes(core.db);
    const first = await firstRevOf(core.db, [...userIds, ...marked]);
    if (first === 0) return;
    const after = first - 1;
    const { people, to, reset } = await peopleChanges(core.db, after);
    // Too many for one push, for example after an import: devices see the gap and pull.
    core.publish.people({ after: reset ? to : after, people, to });
  } catch (error) {
    core.log.warn({ err: error, userIds }, 'push of people failed');
  }
};
