/** The fields of a message used here. */
interface SentMessage {
  readonly seq: number;
  readonly senderId: string;
}

/**
 * The readers to show at each message: each person at the last loaded message they have read. Nobody is shown at
 * their own message, the reader themselves nowhere, and nobody at the last loaded message if newer ones are not
 * loaded.
 */
export const readersBySeq = (
  receipts: ReadonlyMap<string, number> | undefined,
  messages: readonly SentMessage[],
  meId: string,
  hasAfter: boolean,
): ReadonlyMap<number, readonly string[]> => {
  const readers = new Map<number, string[]>();
  const first = messages[0]?.seq;
  const last = messages.at(-1)?.seq;
  if (!receipts || first === undefined || last === undefined) return readers;
  for (const [userId, readSeq] of receipts) {
    if (userId === meId || readSeq < first || (readSeq >= last && hasAfter)) continue;
    const seq = Math.min(readSeq, last);
    if (messages[seq - first]?.senderId === userId) continue;
    const atMessage = readers.get(seq);
    if (atMessage) atMessage.push(userId);
    else readers.set(seq, [userId]);
  }
  for (const atMessage of readers.values()) atMessage.sort();
  return readers;
};

/** In a conversation of two: the last message of mine that the other has read; null where none is. */
export const seenOwnSeq = (
  receipts: ReadonlyMap<string, number> | undefined,
  messages: readonly SentMessage[],
  meId: string,
  peerId: string,
): number | null => {
  const readSeq = receipts?.get(peerId) ?? 0;
  const own = messages.findLast((message) => message.senderId === meId);
  return own && own.seq <= readSeq ? own.seq : null;
};
