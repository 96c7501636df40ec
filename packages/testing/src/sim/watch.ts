import type { SyncState, TimelineState } from '@lockstep/sync';
import type { Ledger } from './ledger.ts';
import { must, Violation } from './violation.ts';

/** Nothing was ever put into this window. */
const isLoaded = (timeline: TimelineState) => timeline.messages.length > 0 || !timeline.hasAfter;

/** Checks every state of one engine, as a person would see it. Keeps the first violation. */
export class Watch {
  violation: Violation | null = null;
  #last: SyncState;

  constructor(
    readonly name: string,
    readonly ledger: Ledger,
    first: SyncState,
  ) {
    this.#last = first;
  }

  see(next: SyncState): void {
    const last = this.#last;
    this.#last = next;
    if (this.violation) return;
    try {
      this.#timelines(last, next);
      this.#entries(last, next);
      this.#outbox(last, next);
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      this.violation = new Violation(error.rule, error.check, `${this.name}: ${error.message}`);
    }
  }

  #timelines(last: SyncState, next: SyncState) {
    for (const [id, timeline] of next.timelines) {
      const held = last.timelines.get(id);
      if (timeline === held) continue;
      checkWindow(this.ledger, id, timeline);
      if (held)
        must(
          timeline.rev >= held.rev,
          6,
          'cursor-back',
          () => `rev goes from ${held.rev} to ${timeline.rev}`,
        );
    }
  }

  #entries(last: SyncState, next: SyncState) {
    for (const [id, entry] of next.inbox) {
      const held = last.inbox.get(id);
      if (held === entry) continue;
      const { readSeq, conversation } = entry;
      must(readSeq <= conversation.headSeq, 7, 'read-past-head', () => `read ${readSeq} past the head`);
      if (!held) continue;
      must(readSeq >= held.readSeq, 7, 'read-back', () => `read goes from ${held.readSeq} to ${readSeq}`);
    }
  }

  /** Shown exactly once: in the outbox, and from one state to the next in the window. */
  #outbox(last: SyncState, next: SyncState) {
    if (next.outbox === last.outbox && next.timelines === last.timelines) return;
    const me = next.me.userId;
    const shown = (id: string, clientId: string) =>
      next.timelines.get(id)?.messages.some((m) => m.clientId === clientId && m.senderId === me) ?? false;
    const left = new Set(next.outbox.map((item) => item.clientId));
    must(left.size === next.outbox.length, 2, 'outbox-twice', () => 'an item is in the outbox twice');
    for (const { clientId, conversationId } of next.outbox)
      must(!shown(conversationId, clientId), 2, 'shown-twice', () => `${clientId} is shown twice`);
    for (const { clientId, conversationId } of last.outbox) {
      const timeline = next.timelines.get(conversationId);
      if (left.has(clientId) || !timeline || !isLoaded(timeline) || timeline.hasAfter) continue;
      // Older than the window: given up for a newer page meanwhile.
      const stored = this.ledger.stored(conversationId, me, clientId);
      if (stored && stored.seq < (timeline.messages[0]?.seq ?? 0)) continue;
      must(shown(conversationId, clientId), 3, 'shown-nowhere', () => `${clientId} is shown nowhere`);
    }
  }
}

/** Rules 5 and 6: a window is without holes, and holds at least what had happened at its `rev`. */
export const checkWindow = (ledger: Ledger, id: string, timeline: TimelineState): void => {
  const { messages, rev } = timeline;
  const first = messages[0]?.seq ?? 1;
  messages.forEach((message, i) => {
    must(message.seq === first + i, 8, 'hole', () => `the window has a hole before seq ${message.seq}`);
  });
  for (const change of ledger.changes(id).values()) {
    if (change.rev > rev) continue;
    const held = messages[change.seq - first];
    const what = () => `rev ${change.rev} of seq ${change.seq} is missing at rev ${rev}`;
    if (held && held.rev < change.rev && ledger.concurrent && ledger.superseded(id, change.seq, rev))
      continue;
    if (held) must(held.rev >= change.rev, 6, 'change-missing', what);
    else if (!timeline.hasAfter) must(change.seq < first, 5, 'message-missing', what);
  }
};
