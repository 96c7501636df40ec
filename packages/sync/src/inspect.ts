import {
  entryDigest,
  type InboxEntry,
  type Message,
  messagesDigest,
  overallDigest,
} from '@lockstep/protocol';
import type { Connection, Engine, SyncState } from './types.ts';

/** What tests and the Device Lab see of a device (docs/testing.md). Plain data, read at one moment. */
export interface Inspection {
  userId: string;
  connection: Connection;
  caughtUp: boolean;
  /** Inbox cursor. */
  pos: number;
  /** The applied cursors of the conversations that are held. */
  revs: Record<string, number>;
  outbox: { pending: number; sending: number; failed: number };
  /** Loads of timelines under way. */
  loading: number;
  digest: {
    overall: string;
    conversations: Record<string, string>;
    /** Runs of messages that are held, ends inclusive. */
    ranges: { conversationId: string; from: number; to: number; digest: string }[];
  };
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

/** Nothing is written by it, and nothing is started. */
export const inspect = (engine: Engine): Inspection => {
  const state = engine.getState();
  const timelines = [...state.timelines];
  const inState = (wanted: string) => state.outbox.filter((item) => item.state === wanted).length;
  return {
    userId: state.me.userId,
    connection: state.connection,
    caughtUp: state.caughtUp,
    pos: state.pos,
    revs: Object.fromEntries(timelines.map(([id, { rev }]) => [id, rev])),
    outbox: { pending: inState('pending'), sending: inState('sending'), failed: inState('failed') },
    loading: timelines.filter(([, timeline]) => timeline.loading !== null).length,
    digest: digestOf(state),
  };
};

const digestOf = (state: SyncState): Inspection['digest'] => {
  const conversations = Object.fromEntries([...state.inbox].map(([id, entry]) => [id, entryDigest(entry)]));
  const ranges = [...state.timelines].flatMap(([conversationId, { messages }]) => {
    const [first, last] = [messages[0], messages.at(-1)];
    if (!first || !last) return [];
    return [{ conversationId, from: first.seq, to: last.seq, digest: messagesDigest(messages) }];
  });
  return { overall: overallDigest(conversations), conversations, ranges };
};
