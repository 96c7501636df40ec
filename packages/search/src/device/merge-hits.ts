import type { Message, SearchHit } from '@lockstep/protocol';
import { keyOf, newestFirst } from '../query/key.ts';

/** Names the message of a hit among all. */
export const hitKey = ({ conversationId, seq }: Pick<Message, 'conversationId' | 'seq'>): string =>
  `${conversationId}/${seq}`;

/** Below zero when `a` is shown before `b`: in the server's order, also within a millisecond. */
export const newestMessageFirst = (a: Message, b: Message): number => newestFirst(keyOf(a), keyOf(b));

/**
 * The server's hits, newest first, followed by the device's hits older than the last of them, which the server has
 * not answered yet. So no shown hit disappears or moves while the server's pages arrive.
 */
export const mergeHits = (
  server: readonly SearchHit[],
  device: readonly SearchHit[],
): readonly SearchHit[] => {
  const last = server.at(-1);
  if (!last || device.length === 0) return server;
  const known = new Set(server.map(({ message }) => hitKey(message)));
  const older = device.filter(
    ({ message }) => newestMessageFirst(last.message, message) < 0 && !known.has(hitKey(message)),
  );
  return older.length > 0 ? [...server, ...older] : server;
};
