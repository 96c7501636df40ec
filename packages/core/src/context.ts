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

/**
 * Port to the open sockets, implemented by packages/realtime. Pushes are only hints: whatever is lost is repaired by
 * a pull (rule 9).
 */
export interface Publisher {
  /** To everyone in the conversation's room. */
  changes(event: ChangesEvent): void;
  /** To all devices of one person. */
  inbox(userId: string, entry: InboxEntry): void;
  /** To everyone in the conversation's room. */
  receipt(event: ReceiptEvent): void;
  /** To all devices of one person: their recent or saved searches have changed. */
  searches(userId: string): void;
  /** To everyone who is signed in. */
  people(event: PeopleEvent): void;
  /** Open sockets of these people enter the conversation's room at once. */
  joined(conversationId: string, userIds: string[]): void;
  /** Open sockets of these people leave the conversation's room at once (rule 10). */
  left(conversationId: string, userIds: string[]): void;
  /** Those of these sessions that have an open socket, in any process that answers. */
  connected(sessionIds: string[]): Promise<ReadonlySet<string>>;
  /** Ends the sockets of a session, or of all sessions of a person. */
  ended(target: { userId: string; sessionId?: string }, reason: EndedEvent['reason']): void;
}

/** What the actions work with; made once per process by `createCore`. */
export interface Core {
  db: Db;
  publish: Publisher;
  /** Wakes the fan-out. Never throws, never awaited: a lost call is found by the sweep. */
  enqueueConversations(conversationIds: string[]): void;
  /** Pushes a message that the group commit has stored, together with the others of its batch. */
  appended(message: Message): void;
  auth: Auth;
  passwords: Passwords;
  knownDevices: KnownDevices;
  sessions: Sessions;
  search: Searcher;
  /** Whether this is the code required for the first account (first-admin.ts). */
  isFirstAdminCode(code: string | undefined): boolean;
  /** The budget of one call; scripts and workers have none. */
  budget?: Budget | undefined;
  settings: Settings;
  log: Logger;
}
