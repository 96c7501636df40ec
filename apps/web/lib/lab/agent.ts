import { type Engine, inspect } from '@lockstep/sync';
import { setPath } from '../path.ts';
import type { Mode, Order, Report } from './messages.ts';
import { LabNetwork } from './network.ts';

/** Reports are at least this far apart, in ms. */
const SPACING_MS = 100;

/** The page that frames this device: one level up in the host name. */
const LAB_ORIGIN = `${window.location.protocol}//${window.location.host.replace(/^[^.]+\./, '')}`;

let network: LabNetwork | undefined;

/** Lets the Device Lab see and switch this device, which runs in one of its frames. Returns the way to stop. */
export const reportToLab = (engine: Engine): (() => void) => {
  network ??= new LabNetwork();
  const switches = network;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const report = () => {
    timer = undefined;
    window.parent.postMessage(reportOf(engine, switches.mode), LAB_ORIGIN);
  };
  const changed = () => {
    timer ??= setTimeout(report, SPACING_MS);
  };
  const orders = ({ origin, data }: MessageEvent<Order>) => {
    if (origin !== LAB_ORIGIN) return;
    carryOut(engine, switches, data);
    changed();
  };
  const stop = engine.subscribe(changed);
  window.addEventListener('message', orders);
  report();
  return () => {
    stop();
    clearTimeout(timer);
    window.removeEventListener('message', orders);
  };
};

const carryOut = (engine: Engine, switches: LabNetwork, order: Order) => {
  if (order.type === 'mode') change(engine, switches, order.mode);
  else if (order.type === 'say') engine.send(order.conversationId, order.text);
  else if (order.type === 'open') setPath(`/c/${order.conversationId}`);
  else setTheme(order.theme);
};

const change = (engine: Engine, switches: LabNetwork, mode: Mode) => {
  const { mode: before } = switches;
  switches.set(mode);
  // A sleeping device does nothing. It wakes like a page that the browser resumes.
  if (mode === 'asleep') return engine.stop();
  if (before === 'asleep') engine.start();
  // The socket of now is given up, so that the next one goes through it too.
  engine.suspend();
  if (mode !== 'offline') engine.wake();
};

/** The storage key of next-themes, which reacts to storage events. */
const setTheme = (theme: string) => {
  window.localStorage.setItem('theme', theme);
  window.dispatchEvent(
    new StorageEvent('storage', { key: 'theme', newValue: theme, storageArea: localStorage }),
  );
};

const reportOf = (engine: Engine, mode: Mode): Report => {
  const state = engine.getState();
  const open = /^\/c\/([0-9a-f-]+)/.exec(window.location.pathname)?.[1];
  const latest = [...state.inbox.values()].sort(
    (a, b) => (b.last?.createdAt ?? 0) - (a.last?.createdAt ?? 0),
  );
  const conversationId = open ?? latest[0]?.conversation.id ?? null;
  return {
    type: 'report',
    mode,
    inspection: inspect(engine),
    conversationId,
    rev: (conversationId && state.timelines.get(conversationId)?.rev) || null,
  };
};
