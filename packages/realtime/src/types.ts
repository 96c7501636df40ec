import type { Actor } from '@lockstep/core';
import type { Db } from '@lockstep/core/sockets';
import type {
  ClientToServerEvents,
  LockstepError,
  ProtocolVersions,
  ServerToClientEvents,
} from '@lockstep/protocol';
import type { Logger } from 'pino';
import type { Server, Socket } from 'socket.io';
import type { ServerToServerEvents } from './server-events.ts';

export interface SocketData {
  actor: Actor;
  /** In all its rooms. */
  ready: boolean;
  /** Conversations left since the last read of memberships began: what that read says about them is out of date. */
  leftMeanwhile: Set<string>;
}

export type Io = Server<ClientToServerEvents, ServerToClientEvents, ServerToServerEvents, SocketData>;
export type DeviceSocket = Socket<
  ClientToServerEvents,
  ServerToClientEvents,
  ServerToServerEvents,
  SocketData
>;

export interface RealtimeDeps {
  db: Db;
  log: Logger;
  /** Who the session cookie belongs to; null without a live session. */
  signedIn(cookieHeader: string | undefined): Promise<Actor | null>;
  /** The error for a cookie without a session: `unauthenticated`, with the reason if known. */
  refusal(cookieHeader: string | undefined): Promise<LockstepError>;
  /** Sessions of this person have ended or changed: clear what is cached of them. */
  forget(userId: string): void;
  settings: {
    NODE_ENV: string;
    PUBLIC_URL: string;
    TRUSTED_ORIGINS: string[];
    publicUrlIsSet: boolean;
    lab?: boolean;
    protocol: ProtocolVersions;
    PUSH: 'memory' | 'postgres' | 'redis';
    DATABASE_URL: string;
    REDIS_URL?: string | undefined;
    RATE_LIMITS: 'on' | 'off';
  };
  timing?: Partial<Timing>;
  /** Called for each push of changes once it is written to the sockets here, with the ms since it was published. */
  onDelivered?: ((ms: number) => void) | undefined;
}

/** Milliseconds; shortened by tests. */
export interface Timing {
  /** From the end of the last socket to "offline", so that a reload does not show as offline. */
  presenceGrace: number;
  /** Between two checks that sessions live and rooms fit memberships. */
  audit: number;
  /** Between two heartbeats to the other processes; without one for 2.5 intervals a process counts as gone. */
  beat: number;
  /** Time limit for a new WebSocket to authenticate. */
  connect: number;
  /** Between two checks for devices that do not read. */
  backlog: number;
  /** From closing a connection to terminating its WebSocket, whatever the client does. */
  linger: number;
}

export const TIMING: Timing = {
  presenceGrace: 5_000,
  audit: 60_000,
  beat: 10_000,
  connect: 10_000,
  backlog: 2_000,
  linger: 1_000,
};
