import { lastSeen, touchLastSeen } from '@lockstep/core/sockets';
import type { PresenceState } from '@lockstep/protocol';
import type { Background } from './background.ts';
import type { Bus } from './bus.ts';
import { room } from './names.ts';
import type { OnlineNotice } from './server-events.ts';
import type { Io, RealtimeDeps, Timing } from './types.ts';

export interface Presence {
  came(userId: string): void;
  went(userId: string): void;
  receive(notice: OnlineNotice): void;
  stateOf(userIds: string[]): Promise<PresenceState[]>;
  close(): void;
}

/** Least time between two writes of `last_seen_at` while someone is online; it is also written when they go offline. */
const STORE_MS = 60_000;

/**
 * A person is online while at least one socket is open in any process, and for the grace time after the last one.
 * Each process counts its own sockets and gets the sets of the others (`bus.online`); each process notifies its own
 * watchers when the union changes.
 */
export const createPresence = (
  io: Io,
  bus: Bus,
  background: Background,
  { db, log }: RealtimeDeps,
  { presenceGrace, beat }: Timing,
): Presence => {
  const self = crypto.randomUUID();
  const sockets = new Map<string, number>();
  const leaving = new Map<string, NodeJS.Timeout>();
  const others = new Map<string, { online: Set<string>; heardAt: number }>();
  let closed = false;

  const isOnlineElsewhere = (userId: string) => {
    for (const { online } of others.values()) if (online.has(userId)) return true;
    return false;
  };
  const isOnlineHere = (userId: string) => sockets.has(userId) || leaving.has(userId);
  const isOnline = (userId: string) => isOnlineHere(userId) || isOnlineElsewhere(userId);

  const publishPresence = (userId: string, online: boolean) => {
    io.local.to(room.watchers(userId)).emit('presence', { userId, online, lastSeenAt: Date.now() });
  };
  const store = (userIds: string[]) => {
    if (userIds.length === 0) return;
    background.run(touchLastSeen(db, userIds, Date.now()), (error) =>
      log.debug({ err: error }, 'presence: last seen was not stored'),
    );
  };
  /** Applies a change of the other processes' sets and publishes who came online or went offline. */
  const around = (userIds: Iterable<string>, change: () => void) => {
    const before = new Map([...userIds].map((id) => [id, isOnline(id)]));
    change();
    for (const [id, was] of before) if (was !== isOnline(id)) publishPresence(id, !was);
  };

  const announceOnline = () => bus.online({ from: self, all: [...sockets.keys(), ...leaving.keys()] });
  const beats = setInterval(() => {
    announceOnline();
    for (const [from, { online, heardAt }] of others) {
      if (performance.now() - heardAt > 2.5 * beat) around(online, () => others.delete(from));
    }
  }, beat).unref();
  const stores = setInterval(() => store([...sockets.keys()]), STORE_MS).unref();
  announceOnline();

  return {
    came: (userId) => {
      clearTimeout(leaving.get(userId));
      const back = leaving.delete(userId);
      const count = sockets.get(userId) ?? 0;
      const was = back || count > 0 || isOnlineElsewhere(userId);
      sockets.set(userId, count + 1);
      if (count === 0 && !back) bus.online({ from: self, all: null, came: userId });
      if (!was) publishPresence(userId, true);
    },

    went: (userId) => {
      const count = (sockets.get(userId) ?? 1) - 1;
      if (count > 0) {
        sockets.set(userId, count);
        return;
      }
      sockets.delete(userId);
      store([userId]);
      // The other processes know it by "bye".
      if (closed) return;
      const gone = setTimeout(() => {
        leaving.delete(userId);
        bus.online({ from: self, all: null, went: userId });
        if (!isOnlineElsewhere(userId)) publishPresence(userId, false);
      }, presenceGrace);
      leaving.set(userId, gone.unref());
    },

    receive: ({ from, all, came, went, bye }) => {
      if (from === self) return;
      const known = others.get(from);
      if (!known && !bye) announceOnline();
      if (bye) {
        if (known) around(known.online, () => others.delete(from));
        return;
      }
      const online = new Set(all ?? known?.online);
      if (came) online.add(came);
      if (went) online.delete(went);
      around(new Set([...online, ...(known?.online ?? [])]), () =>
        others.set(from, { online, heardAt: performance.now() }),
      );
    },

    stateOf: async (userIds) => {
      const away = userIds.filter((id) => !isOnline(id));
      const seen = away.length > 0 ? await lastSeen(db, away) : new Map<string, number>();
      return userIds.map((userId) => ({
        userId,
        online: isOnline(userId),
        lastSeenAt: isOnline(userId) ? Date.now() : (seen.get(userId) ?? null),
      }));
    },

    close: () => {
      closed = true;
      clearInterval(beats);
      clearInterval(stores);
      for (const timer of leaving.values()) clearTimeout(timer);
      bus.online({ from: self, all: null, bye: true });
    },
  };
};
