import { setEarlierTexts as store } from '@lockstep/db';
import type { EarlierTexts } from '@lockstep/protocol';
import type { Parsed } from '@lockstep/protocol/contract';
import type { Actor, Core } from '../context.ts';
import { audited } from '../history/audited.ts';
import { assertAdmin } from '../rules/admin.ts';
import type { Device } from '../session.ts';

/** Sets who may read the earlier texts of edited messages, with an audit row. Errors: `forbidden`. */
export const setEarlierTexts = async (
  actor: Actor,
  core: Core,
  from: Device,
  { readers }: Parsed<'admin.setEarlierTexts'>,
): Promise<{ readers: EarlierTexts }> => {
  assertAdmin(actor);
  await audited(actor, core, from, 'setting', async (client) => {
    await store(client, readers, core.settings.SIGN_UP);
    return { result: null, asked: { earlierTexts: readers } };
  });
  return { readers };
};
