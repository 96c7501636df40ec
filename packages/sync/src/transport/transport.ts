import type { DigestRange, Message, TimelineCursor, Written } from '@lockstep/protocol';
import type { MutationName } from '@lockstep/protocol/contract';
import { createHttp, type HttpOptions } from './http.ts';
import type { Calls, Connect, PersonalChange } from './port.ts';
import { connectSocket } from './socket.ts';

type OfMessage = { conversationId: string; seq: number } & Record<string, unknown>;

/** The way to the server as the engine asks for it: names for calls of the contract, and the socket. */
export const transportOver = ({ query, mutate }: Calls, connect: Connect) => ({
  connect,
  /**
   * With what changed in these timelines, the most wanted first, at most LIMITS.inboxTimelines, and of people after
   * `peopleRev` (null: from now on).
   */
  inbox: (afterPos: number, limit: number, timelines: TimelineCursor[], peopleRev: number | null) =>
    query('sync.inbox', { afterPos, limit, timelines, peopleRev }),
  /** One inbox entry as it is now. */
  entry: (conversationId: string) => query('conversations.get', { conversationId }),
  changes: (conversationId: string, afterRev: number, limit: number) =>
    query('sync.changes', { conversationId, afterRev, limit }),
  /** Without `seq`: the newest. */
  before: (conversationId: string, seq: number | null, limit: number) =>
    query('messages.before', { conversationId, limit, ...(seq === null ? {} : { seq }) }),
  after: (conversationId: string, seq: number, limit: number) =>
    query('messages.after', { conversationId, seq, limit }),
  around: (conversationId: string, seq: number, limit: number) =>
    query('messages.around', { conversationId, seq, limit }),
  send: (conversationId: string, clientId: string, written: Written) =>
    mutate('messages.send', { conversationId, clientId, ...written }),
  edit: (conversationId: string, seq: number, body: string, baseEditedAt?: number | null) =>
    mutate('messages.edit', { conversationId, seq, body, baseEditedAt }),
  recall: (conversationId: string, seq: number) => mutate('messages.recall', { conversationId, seq }),
  /** Any procedure that sets something beside the text of a message. */
  annotate: (call: MutationName, input: OfMessage) =>
    mutate(call, input as never) as unknown as Promise<Message>,
  read: (conversationId: string, seq: number) => mutate('sync.read', { conversationId, seq }),
  personal: (conversationId: string, change: PersonalChange) =>
    mutate('sync.personal', { conversationId, ...change }),
  draft: (conversationId: string, text: string, baseVersion: number) =>
    mutate('sync.draft', { conversationId, text, baseVersion }),
  receipts: (conversationId: string) => query('sync.receipts', { conversationId }),
  digest: (ranges: DigestRange[]) => mutate('sync.digest', { ranges }),
  /** `seq` of the first message at or after a time; null when all are older. */
  atTime: (conversationId: string, at: number) => query('messages.atTime', { conversationId, at }),
  people: (userIds: string[]) => query('people.get', { userIds }),
  peopleChanges: (afterRev: number, limit: number) => query('people.changes', { afterRev, limit }),
});

export type Transport = ReturnType<typeof transportOver>;

/** The real way, in the browser and in Node: API calls over HTTP, pushes over Socket.IO. */
export const createTransport = (options: HttpOptions): Transport =>
  transportOver(createHttp(options), (handlers) => connectSocket(options, handlers));
