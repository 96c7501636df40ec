import { readMe, renamePerson } from '@lockstep/db';
import type { Me } from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Actor, Core } from '../context.ts';
import { audited } from '../history/audited.ts';
import { publishPeople } from '../publish-people.ts';
import type { Device } from '../session.ts';

/** Renames the actor and adds an audit row; exports keep the earlier name for earlier messages. */
export const renameMe = async (
  actor: Actor,
  core: Core,
  from: Device,
  { name }: Parsed<'me.rename'>,
): Promise<Me> => {
  const { userId, sessionId } = actor;
  const me = await readMe(core.db, userId, sessionId);
  // Without a transaction, because that would wait for every other change of people.
  if (me.name === name) return me;
  const renamed = await audited(actor, core, from, 'rename', async (client) => {
    const before = await renamePerson(client, userId, name);
    return before === null
      ? { result: false, asked: null }
      : { result: true, asked: { userId, before, name } };
  });
  if (renamed) await publishPeople(core, [userId]);
  return readMe(core.db, userId, sessionId);
};
