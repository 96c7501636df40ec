import type { Millis } from './ids.ts';

/** One sign-in in one browser. */
export interface Device {
  /** Of its session. */
  id: string;
  /** Given by its person; null where only `browser` and `system` name it. */
  name: string | null;
  /** From the user agent, such as "Firefox 143" and "macOS"; null where it does not tell. */
  browser: string | null;
  system: string | null;
  /** The device that asks. */
  current: boolean;
  /** Has a socket open now. */
  online: boolean;
  createdAt: Millis;
  lastActiveAt: Millis;
  /** How far it has applied the inbox. */
  pos: number;
}

export interface DeviceList {
  /** The one that asks first, then the last active; at most LIMITS.page. */
  devices: Device[];
  /** How many there are besides. */
  more: number;
  /** The end of the inbox: a device at this `pos` is in step. */
  headPos: number;
}
