import type { ChangesEvent, ErrorData, PresenceState, ServerToClientEvents } from '@lockstep/protocol';
import type { Input, MutationName, Name, Output, QueryName } from '@lockstep/protocol/contract';

export interface CallOptions {
  signal?: AbortSignal | undefined;
}

/** Makes one call; the name is one of the contract. Everything that calls the server is made over one of these. */
export type Call = (
  kind: 'query' | 'mutation',
  name: Name,
  input: unknown,
  options?: CallOptions,
) => Promise<unknown>;

type Given<N extends Name> =
  undefined extends Input<N>
    ? [input?: undefined, options?: CallOptions]
    : [input: Input<N>, options?: CallOptions];

/**
 * The procedures of the contract, by name. Calls reject with LockstepError where the server answered so, and with
 * anything else where it could not be reached or the outcome is unknown.
 */
export interface Calls {
  query<N extends QueryName>(name: N, ...given: Given<N>): Promise<Output<N>>;
  mutate<N extends MutationName>(name: N, ...given: Given<N>): Promise<Output<N>>;
}

/** What the socket brings. All of it is a hint (rule 9). */
export interface PushHandlers extends Omit<ServerToClientEvents, 'changes'> {
  /** Called for each event in turn, when several arrive together. */
  changes(event: ChangesEvent): void;
  /** The attempt failed or the socket is lost; called at most once, and never after `close`. */
  closed(fault: {
    unauthenticated: boolean;
    ended?: ErrorData['ended'];
    code?: ErrorData['code'] | undefined;
  }): void;
}

/** One attempt at a socket. The engine decides when there is another. */
export interface PushSocket {
  typing(conversationId: string): void;
  /** Replaces the watched people; resolves with their state now. */
  watch(userIds: string[]): Promise<PresenceState[]>;
  /** How far the inbox is applied: for the page of devices. */
  reportCursor(pos: number): void;
  close(): void;
}

export type Connect = (handlers: PushHandlers) => PushSocket;

/** What is personal about a conversation; what is left out stays as it is. */
export type PersonalChange = Omit<Input<'sync.personal'>, 'conversationId'>;
