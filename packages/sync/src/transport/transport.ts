import type { Transport } from '../ports.ts';
import { createHttp, type HttpOptions } from './http.ts';
import { connectSocket } from './socket.ts';

/** The real way to the server, in the browser and in Node: API calls over HTTP, pushes over Socket.IO. */
export const createTransport = (options: HttpOptions): Transport => {
  const { query, mutate } = createHttp(options);
  return {
    connect: (handlers) => connectSocket(options.url, handlers, options.headers),
    inbox: (afterPos, limit, timelines, peopleRev) =>
      query('sync.inbox', { afterPos, limit, timelines, peopleRev }),
    entry: (conversationId) => query('conversations.get', { conversationId }),
    changes: (conversationId, afterRev, limit) => query('sync.changes', { conversationId, afterRev, limit }),
    before: (conversationId, seq, limit) =>
      query('messages.before', { conversationId, limit, ...(seq === null ? {} : { seq }) }),
    after: (conversationId, seq, limit) => query('messages.after', { conversationId, seq, limit }),
    around: (conversationId, seq, limit) => query('messages.around', { conversationId, seq, limit }),
    send: (conversationId, clientId, body) => mutate('messages.send', { conversationId, clientId, body }),
    edit: (conversationId, seq, body, baseEditedAt) =>
      mutate('messages.edit', { conversationId, seq, body, baseEditedAt }),
    recall: (conversationId, seq) => mutate('messages.recall', { conversationId, seq }),
    read: (conversationId, seq) => mutate('sync.read', { conversationId, seq }),
    personal: (conversationId, change) => mutate('sync.personal', { conversationId, ...change }),
    draft: (conversationId, text, baseVersion) => mutate('sync.draft', { conversationId, text, baseVersion }),
    receipts: (conversationId) => query('sync.receipts', { conversationId }),
    digest: (ranges) => mutate('sync.digest', { ranges }),
    atTime: (conversationId, at) => query('messages.atTime', { conversationId, at }),
    people: (userIds) => query('people.get', { userIds }),
    peopleChanges: (afterRev, limit) => query('people.changes', { afterRev, limit }),
  };
};
