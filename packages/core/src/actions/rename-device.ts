import { renameDevice as storeName } from '@lockstep/db';
import { LockstepError } from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Actor, Core } from '../context.ts';

/** Names one of one's own devices. Errors: `not_found`. */
export const renameDevice = async (
  actor: Actor,
  core: Core,
  { deviceId, name }: Parsed<'devices.rename'>,
): Promise<null> => {
  if (!(await storeName(core.db, actor.userId, deviceId, name))) throw new LockstepError('not_found');
  return null;
};
