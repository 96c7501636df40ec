import { setTellLooks as store } from '@lockstep/db';
import type { Actor, Core } from '../context.ts';
import { auditor, writeAudit } from '../history/look.ts';
import { assertAdmin } from '../rules/admin.ts';
import type { Device } from '../session.ts';

/** Whether members are told of each look into their conversations. It is in the audit log first. Errors: `forbidden`. */
export const setTellLooks = async (
  actor: Actor,
  core: Core,
  from: Device,
  { tell }: { tell: boolean },
): Promise<{ tell: boolean }> => {
  assertAdmin(actor);
  await writeAudit(core, {
    ...auditor(actor, from),
    action: 'setting',
    reason: '',
    asked: { tellLooks: tell },
    answered: 0,
    conversationIds: [],
  });
  await store(core.db, tell, core.settings.SIGN_UP);
  return { tell };
};
