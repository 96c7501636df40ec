import { readMe, renamePerson } from '@lockstep/db';
import type { Me } from '@lockstep/protocol';
import type { Actor, Core } from '../context.ts';

export const renameMe = async (actor: Actor, core: Core, { name }: { name: string }): Promise<Me> => {
  await renamePerson(core.db, actor.userId, name);
  return readMe(core.db, actor.userId, actor.sessionId);
};
