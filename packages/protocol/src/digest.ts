import type { InboxEntry } from './inbox.ts';
import type { Message } from './message.ts';

/** Two lanes of 32 bits with multiply and xor-shift, after cyrb53 (bryc, public domain) and the finish of MurmurHash3. */
class Hash {
  #a = 0xdead_beef;
  #b = 0x41c6_ce57;

  add(text: string): this {
    let a = this.#a;
    let b = this.#b;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      a = Math.imul(a ^ unit, 0x9e37_79b1);
      b = Math.imul(b ^ unit, 0x5f35_6495);
    }
    this.#a = a;
    this.#b = b;
    return this;
  }

  end(): string {
    let [a, b] = [this.#a, this.#b];
    a = Math.imul(a ^ (a >>> 16), 0x85eb_ca6b) ^ Math.imul(b ^ (b >>> 13), 0xc2b2_ae35);
    b = Math.imul(b ^ (b >>> 16), 0x85eb_ca6b) ^ Math.imul(a ^ (a >>> 13), 0xc2b2_ae35);
    return [a, b].map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('');
  }
}

export const hash = (text: string): string => new Hash().add(text).end();

const of = (fields: readonly unknown[]): string => hash(JSON.stringify(fields));

/**
 * Of a conversation as one person sees it. `pos` and the mode of diffusion are left out: they describe the transport,
 * not the state.
 */
export const entryDigest = (entry: InboxEntry): string => {
  const { conversation: c, last, draft } = entry;
  return of([
    [c.id, c.kind, c.visibility, c.title, c.topic, c.memberCount, c.headSeq, c.headRev],
    [entry.role, entry.peerId, entry.readSeq, entry.markedUnread, entry.unread, entry.mentions],
    [draft?.text ?? '', draft?.version ?? 0],
    [entry.mutedUntil, entry.pinnedAt, entry.archivedSeq, entry.placeSeq],
    last && messageFields(last),
  ]);
};

/** What only some messages have comes last, so that of all others the digest is that of every version. */
const messageFields = (m: Message) => [
  ...[m.seq, m.rev, m.senderId, m.clientId, m.body, m.createdAt],
  m.system && inOrder(m.system),
  ...(m.content || m.annotations ? [inOrder(m.content ?? {}), inOrder(m.annotations ?? {})] : []),
];

/** An object as its pairs, sorted by key: the database keeps objects in another order than they were written in. */
const inOrder = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => [key, inOrder(inner)]);
};

/** Of a run of messages, ascending by `seq`. */
export const messagesDigest = (messages: readonly Message[]): string => {
  const digest = new MessagesDigest();
  for (const message of messages) digest.add(message);
  return digest.end();
};

/** The same, incrementally, so that a long run need not be in memory at once. */
export class MessagesDigest {
  readonly #hash = new Hash().add('[');
  #isFirst = true;

  add(message: Message): void {
    this.#hash.add(`${this.#isFirst ? '' : ','}${JSON.stringify(messageFields(message))}`);
    this.#isFirst = false;
  }

  end(): string {
    return this.#hash.add(']').end();
  }
}

/** Digest of all conversations, independent of their order. */
export const overallDigest = (conversations: Readonly<Record<string, string>>): string =>
  hash(
    Object.keys(conversations)
      .sort()
      .map((id) => `${id} ${conversations[id]}`)
      .join('\n'),
  );
