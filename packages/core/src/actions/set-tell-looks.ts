import { setTellLooks as store } from '@lockstep/db';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Actor, Core } from '../context.ts';
import { audited } from '../history/audited.ts';
import { assertAdmin } from '../rules/admin.ts';
import type { Device } from '../session.ts';

/** Whether members are told of each look into their conversations. It is in the audit log with it. Errors: `forbidden`. */
export const setTellLooks = async (
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
