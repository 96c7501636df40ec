import { devicesOf } from '@lockstep/db';
import type { DeviceList } from '@lockstep/protocol';
import type { Actor, Core } from '../context.ts';
import { readUserAgent } from '../user-agent.ts';

/** The devices of the actor, this one first, then the last active. */
export const listDevices = async (actor: Actor, core: Core): Promise<DeviceList> => {
  const { devices, more, headPos } = await devicesOf(core.db, actor.userId, actor.sessionId);
  const connected = await core.publish.connected(devices.map(({ id }) => id));
  return {
    devices: devices.map(({ userAgent, ...device }) => ({
      ...device,
      ...readUserAgent(userAgent),
      current: device.id === actor.sessionId,
      online: connected.has(device.id),
    })),
    more,
    headPos,
  };
};
