import type { Clock, Timer } from '../ports.ts';
import type { Channel, Lock } from './election.ts';

/** Nobody has answered for this long, in ms: the lock is free. */
const FREE_AFTER_MS = 1_500;

/**
 * A lock made of messages, for pages without Web Locks: those that are not served by https or from localhost. Two tabs
 * may hold it for the moment that a message takes; the smaller id keeps it then.
 */
export const channelLock = (channel: Channel, clock: Clock, id: string, random: () => number): Lock => ({
  request(steal, granted, lost) {
    let state: 'waiting' | 'held' | 'over' = 'waiting';
    let timer: Timer;
    const claim = (stealing: boolean) => {
      state = 'held';
      channel.post({ kind: 'claim', id, steal: stealing });
      granted();
    };
    const ask = () => {
      channel.post({ kind: 'ask' });
      timer = clock.setTimeout(() => claim(false), FREE_AFTER_MS * (1 + random()));
    };
    const later = () => {
      clock.clearTimeout(timer);
      timer = clock.setTimeout(ask, FREE_AFTER_MS * (1 + random()));
    };
    const stop = channel.listen((message) => {
      if (state === 'waiting' && (message.kind === 'here' || message.kind === 'claim')) later();
      if (state !== 'held' || message.kind !== 'claim') return;
      if (!message.steal && id < message.id) {
        channel.post({ kind: 'claim', id, steal: false });
        return;
      }
      end();
      lost();
    });
    const end = () => {
      state = 'over';
      clock.clearTimeout(timer);
      stop();
    };
    timer = clock.setTimeout(() => (steal ? claim(true) : ask()), 0);
    return { release: end };
  },
});
