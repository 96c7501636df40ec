import { type DeviceProbe, type Engine, inspect } from '@lockstep/sync';

/**
 * Lets tests look into this device, where the server says that this is a development or test run (`data-lab`);
 * elsewhere nothing is exposed. Returns the way to undo it.
 */
export const exposeToTests = (engine: Engine): (() => void) => {
  if (!document.documentElement.hasAttribute('data-lab')) return () => {};
  const probe: DeviceProbe = {
    inspect: () => inspect(engine),
    entry: (id) => engine.getState().inbox.get(id) ?? null,
    messages: (id) => engine.getState().timelines.get(id)?.messages ?? [],
  };
  globalThis.__lockstep = probe;
  return () => {
    if (globalThis.__lockstep === probe) globalThis.__lockstep = undefined;
  };
};
