import type { InboxEntry, Message } from '@lockstep/protocol';
import type { Engine, LocalDigest, SyncState } from './types.ts';

/** What tests and the Device Lab see of a device (docs/testing.md). Plain data, read at one moment. */
export interface Inspection
  extends Pick<
    SyncState,
    'connection' | 'endedBecause' | 'loaded' | 'storage' | 'leader' | 'caughtUp' | 'pos' | 'lag'
  > {
  userId: string;
  /** The applied cursors of the conversations that are held. */
  revs: Record<string, number>;
  outbox: { pending: number; sending: number; failed: number };
  /** Commands of any kind that the server does not have yet, without those it refused. */
  pending: number;
  /** Loads of timelines under way. */
  loading: number;
  digest: LocalDigest;
}

/** `window.__lockstep` in development and test runs: what a test may read of a device. It changes nothing. */
export interface DeviceProbe {
  inspect(): Inspection;
  entry(conversationId: string): InboxEntry | null;
  /** The messages that are held, ascending. */
  messages(conversationId: string): readonly Message[];
}

declare global {
  var __lockstep: DeviceProbe | undefined;
}

/** Reading it writes nothing and starts nothing. */
export const inspect = (engine: Engine): Inspection => {
  const state = engine.getState();
  const timelines = [...state.timelines];
  const inState = (wanted: string) => state.outbox.filter((item) => item.state === wanted).length;
  const { connection, endedBecause, loaded, storage, leader, caughtUp, pos, lag } = state;
  return {
    userId: state.me.userId,
    ...{ connection, endedBecause, loaded, storage, leader, caughtUp, pos, lag },
    revs: Object.fromEntries(timelines.map(([id, { rev }]) => [id, rev])),
    outbox: { pending: inState('pending'), sending: inState('sending'), failed: inState('failed') },
    pending: [...state.commands.values()].filter((command) => command.state !== 'failed').length,
    loading: timelines.filter(([, timeline]) => timeline.loading !== null).length,
    digest: engine.digest(),
  };
};
