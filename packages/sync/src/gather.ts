import type { ChangePage, Message } from '@lockstep/protocol';
import type { Transport } from './ports.ts';

/** Changes of one page. */
const CHANGES = 100;

/** `stuck`: the server returned nothing new although its head is further. */
export type Gathered =
  | { reset: true; to: number }
  | { reset: false; to: number; headSeq: number; stuck: boolean };

/**
 * Collects the newest state of every message that changed after `after` into `found`, up to the head, because a
 * single page can leave holes. `firstPage` is the first page after `after` if the server has already returned it. Null
 * once `isWanted` returns false. Rejects as the call does.
 */
export const gather = async (
  transport: Transport,
  conversationId: string,
  after: number,
  found: Map<number, Message>,
  isWanted: () => boolean = () => true,
  firstPage: ChangePage | null = null,
): Promise<Gathered | null> => {
  for (let to = after; ; ) {
    const page = firstPage ?? (await transport.changes(conversationId, to, CHANGES));
    firstPage = null;
    if (!isWanted()) return null;
    if (page.reset) return { reset: true, to: page.to };
    for (const message of page.messages) found.set(message.seq, message);
    const stuck = page.to === to && page.messages.length === 0;
    to = page.to;
    if (to >= page.headRev || stuck) return { reset: false, to, headSeq: page.headSeq, stuck };
  }
};
