import type { Budget, Db } from '@lockstep/db';
import type {
  ChangesEvent,
  EndedEvent,
  InboxEntry,
  Message,
  PeopleEvent,
  ReceiptEvent,
} from '@lockstep/protocol';
import type { Searcher } from '@lockstep/search';
import type { Logger } from 'pino';
import type { Auth } from './auth.ts';
import type { KnownDevices } from './known-devices.ts';
import type { Passwords } from './passwords/index.ts';
import type { Sessions } from './session.ts';
import type { Settings } from './settings.ts';

/** Who acts: a signed-in person on one device. The first argument of every action. */
export interface Actor {
  userId: string;
  sessionId: string;
  /** Of the workspace. */
  role: 'admin' | 'member';
}

/** Port to the open sockets, implemented by packages/realtime. A hint, never the truth: losing any of it is repaired by a pull (rule 9). */
export interface Publisher {
  /** To everyone in the conversation's room. */
  changes(event: ChangesEvent): void;
  /** To all devices of one person. */
  inbox(userId: string, entry: InboxEntry): void;
  /** To everyone in the conversation's room. */
  receipt(event: ReceiptEvent): void;
  /** To all devices of one person: what is remembered of their searches has changed. */
  searches(userId: string): void;
  /** To everyone who is signed in. */
  people(event: PeopleEvent): void;
  /** Open sockets of these people enter the conversation's room at once. */
  joined(conversationId: string, userIds: string[]): void;
  /** Open sockets of these people leave the conversation's room at once (rule 10). */
  left(conversationId: string, userIds: string[]): void;
  /** Those of these sessions that have a socket open, at any process as far as it answers. */
  connected(sessionIds: string[]): Promise<ReadonlySet<string>>;
  /** Ends the sockets of a session, or of all sessions of a person. */
  ended(target: { userId: string; sessionId?: string }, reason: EndedEvent['reason']): void;
}

/** What the actions work with; made once per process by `createCore`. */
export interface Core {
  db: Db;
  publish: Publisher;
  /** Wakes the fan-out. Never throws, never awaited: a lost call is found by the sweep. */
  moved(conversationIds: string[]): void;
  /** Pushes a message that the group commit has stored, together with the others of its batch. */
  appended(message: Message): void;
  auth: Auth;
  passwords: Passwords;
  knownDevices: KnownDevices;
  sessions: Sessions;
  search: Searcher;
  /** Whether it is the code that the first account needs (first-admin.ts). */
  isFirstAdminCode(code: string | undefined): boolean;
  /** Of one call; there is none for scripts and workers. */
  budget?: Budget | undefined;
  settings: Settings;
  log: Logger;
}
