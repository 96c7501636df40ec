import { setAccessNotices as store } from '@lockstep/db';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Actor, Core } from '../context.ts';
import { audited } from '../history/audited.ts';
import { assertAdmin } from '../rules/admin.ts';
import type { Device } from '../session.ts';

/**
 * Sets whether members can see when admins accessed the history of their conversations, with an audit row. Errors:
 * `forbidden`.
 */
export const setAccessNotices = async (
  actor: Actor,
  core: Core,
  from: Device,
  { tell }: Parsed<'admin.setTellLooks'>,
): Promise<{ tell: boolean }> => {
  assertAdmin(actor);
  await audited(actor, core, from, 'setting', async (client) => {
    await store(client, tell, core.settings.SIGN_UP);
    return { result: null, asked: { tellLooks: tell } };
  });
  return { tell };
};
