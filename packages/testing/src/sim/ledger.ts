import type { ChangesEvent, Message } from '@lockstep/protocol';
import { must } from './violation.ts';

/** Every change that the server has published, to compare the devices with. */
export class Ledger {
  readonly #conversations = new Map<string, Map<number, Message>>();
  /** Client id to `seq` of acknowledged sends. */
  readonly acknowledged = new Map<string, { conversationId: string; seq: number }>();

  /**
   * `concurrent`: calls read while others write. A page of changes up to a `rev` may then lack a change below it whose
   * message has changed again meanwhile: it comes with the later one.
   */
  constructor(readonly concurrent = false) {}

  /** Whether a message was changed again after `rev`. */
  superseded(conversationId: string, seq: number, rev: number): boolean {
    for (const change of this.changes(conversationId).values())
      if (change.seq === seq && change.rev > rev) return true;
    return false;
  }

  record({ conversationId, messages }: ChangesEvent): void {
    const changes = this.#conversations.get(conversationId) ?? new Map<number, Message>();
    this.#conversations.set(conversationId, changes);
    for (const message of messages) {
      const held = changes.get(message.rev);
      must(!held, 1, 'rev-twice', () => `rev ${message.rev} of ${conversationId} was given twice`);
      changes.set(message.rev, structuredClone(message));
    }
  }

  get ids(): string[] {
    return [...this.#conversations.keys()];
  }

  /** By `rev`. */
  changes(conversationId: string): ReadonlyMap<number, Message> {
    return this.#conversations.get(conversationId) ?? new Map();
  }

  headRev(conversationId: string): number {
    return Math.max(0, ...this.changes(conversationId).keys());
  }

  /** The newest state of each message, by `seq` - 1. */
  messages(conversationId: string): Message[] {
    const newest: Message[] = [];
    const changes = this.changes(conversationId);
    for (const rev of [...changes.keys()].sort((a, b) => a - b)) {
      const message = changes.get(rev) as Message;
      newest[message.seq - 1] = message;
    }
    return newest;
  }

  /** Each message as it was when it came. */
  firsts(conversationId: string): Message[] {
    const first = new Map<number, Message>();
    for (const message of this.changes(conversationId).values()) {
      const held = first.get(message.seq);
      if (!held || message.rev < held.rev) first.set(message.seq, message);
    }
    return [...first.values()];
  }

  /** Whether this person left, or was removed, at some time. */
  wasOut(conversationId: string, userId: string): boolean {
    for (const { system } of this.changes(conversationId).values())
      if (system?.type === 'left' && system.userId === userId) return true;
    return false;
  }

  stored(conversationId: string, senderId: string, clientId: string): Message | undefined {
    for (const message of this.changes(conversationId).values())
      if (message.clientId === clientId && message.senderId === senderId) return message;
    return undefined;
  }
}
