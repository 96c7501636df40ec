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
  const leave = window.parent === window ? undefined : joinLab(engine);
  return () => {
    leave?.();
    if (globalThis.__lockstep === probe) globalThis.__lockstep = undefined;
  };
};

/** A device in a frame of the Device Lab. Loaded only there. */
const joinLab = (engine: Engine): (() => void) => {
  let stop: (() => void) | undefined;
  let left = false;
  void import('./agent.ts').then(({ reportToLab }) => {
    if (!left) stop = reportToLab(engine);
  });
  return () => {
    left = true;
    stop?.();
  };
};
