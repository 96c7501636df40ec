import { systemClock } from '../ports.ts';
import { uuidv7 } from '../uuid.ts';
import { channelLock } from './channel-lock.ts';
import { type Channel, Election, type Envelope, type Lock } from './election.ts';
import type { Tabs } from './port.ts';

/**
 * The tabs of this browser that use the same `name`, such as `lockstep-<userId>`. A page gives up leadership before
 * it is frozen or put into the back/forward cache; one that cannot (crashed, frozen without notice) is replaced by a
 * tab that waits for it.
 */
export const browserTabs = (name: string): Tabs => {
  const channel = broadcast(name);
  const lock = globalThis.navigator?.locks
    ? webLock(name, navigator.locks)
    : channelLock(channel, systemClock, uuidv7(), Math.random);
  const election = new Election(lock, channel, systemClock, Math.random);
  if (typeof document === 'undefined') return election;

  const suspend = () => election.suspend();
  const resume = () => election.resume();
  const events: [EventTarget, string, () => void][] = [
    [document, 'freeze', suspend],
    [document, 'resume', resume],
    [window, 'pagehide', suspend],
    [window, 'pageshow', resume],
  ];
  for (const [target, type, run] of events) target.addEventListener(type, run);
  const close = election.close.bind(election);
  election.close = () => {
    for (const [target, type, run] of events) target.removeEventListener(type, run);
    close();
  };
  return election;
};

const broadcast = (name: string): Channel => {
  const channel = new BroadcastChannel(name);
  return {
    post: (message) => channel.postMessage(message),
    listen: (listener) => {
      const hear = (event: MessageEvent) => listener(event.data as Envelope);
      channel.addEventListener('message', hear);
      return () => channel.removeEventListener('message', hear);
    },
    close: () => channel.close(),
  };
};

const webLock = (name: string, locks: LockManager): Lock => ({
  request(steal, granted, lost) {
    let over = false;
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const abort = new AbortController();
    const hold = () => {
      if (over) return;
      granted();
      return held;
    };
    // Stealing and a signal do not go together. Rejects when the lock is stolen, or when this page may not have any.
    locks.request(name, steal ? { steal } : { signal: abort.signal }, hold).catch(() => {
      if (!over) lost();
      over = true;
    });
    return {
      release() {
        over = true;
        abort.abort();
        release();
      },
    };
  },
});
