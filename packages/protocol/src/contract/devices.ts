import { z } from 'zod';
import { renameDevice } from '../commands.ts';
import { deviceList } from '../device.ts';
import { id } from '../ids.ts';
import { mutation, query } from './define.ts';
import { nothing } from './fields.ts';

export const devices = {
  list: query({ access: 'signed-in', output: deviceList }),
  rename: mutation({ access: 'signed-in', isIdempotent: true, input: renameDevice, output: nothing }),
  revoke: mutation({
    access: 'signed-in',
    isIdempotent: true,
    input: z.strictObject({ deviceId: id }),
    output: nothing,
  }),
  /** All but the calling device. */
  revokeOthers: mutation({ access: 'signed-in', isIdempotent: true, output: nothing }),
};
