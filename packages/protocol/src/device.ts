import { z } from 'zod';
import { id, millis, pos } from './ids.ts';

/** One sign-in in one browser. */
export const device = z.strictObject({
  /** Of its session. */
  id,
  /** Given by its person; null where only `browser` and `system` name it. */
  name: z.string().nullable(),
  /** From the user agent, such as "Firefox 143" and "macOS"; null where it does not tell. */
  browser: z.string().nullable(),
  system: z.string().nullable(),
  /** The calling device. */
  current: z.boolean(),
  /** Has a socket open now. */
  online: z.boolean(),
  createdAt: millis,
  lastActiveAt: millis,
  /** The inbox cursor it last reported. */
  pos,
});
export type Device = z.infer<typeof device>;

export const deviceList = z.strictObject({
  /** The calling device first, then the last active; at most LIMITS.page. */
  devices: z.array(device),
  /** How many there are besides. */
  more: z.int().min(0),
  /** The head of the inbox: a device at this `pos` is up to date. */
  headPos: pos,
});
export type DeviceList = z.infer<typeof deviceList>;
