import { LockstepError } from '@lockstep/protocol';
import type { Actor } from '../context.ts';

/** Admins of the workspace only. Throws LockstepError `forbidden`. */
export const assertAdmin = (actor: Actor): void => {
  if (actor.role !== 'admin') throw new LockstepError('forbidden');
};
