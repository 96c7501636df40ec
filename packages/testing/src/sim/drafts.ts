import type { Message } from '@lockstep/protocol';
import { must } from './violation.ts';

/** A word that somebody typed; each is typed once. */
interface Word {
  conversationId: string;
  /** The device on which it was typed. */
  typist: string;
  /** Devices that wrote a draft with it. */
  writers: Set<string>;
  /** The device that sent it, as a message of its own making. */
  sender: string | null;
  /** Taken out on purpose. */
  cleared: boolean;
}

const wordsIn = (text: string): string[] => text.match(/\bdraft-\d+\b/g) ?? [];

/**
 * Everything one person has typed into composers on any device: none of it may get lost, and nothing sent may come
 * back as a draft.
 */
export class Typed {
  readonly #words = new Map<string, Word>();
  readonly #sentLines = new Set<string>();

  wrote(device: string, conversationId: string, text: string): void {
    for (const word of wordsIn(text)) {
      const known = this.#words.get(word) ?? {
        conversationId,
        typist: device,
        writers: new Set(),
        sender: null,
        cleared: false,
      };
      known.writers.add(device);
      this.#words.set(word, known);
    }
  }

  sent(device: string, text: string): void {
    for (const line of text.split('\n')) this.#sentLines.add(line);
    for (const word of wordsIn(text)) {
      const known = this.#words.get(word);
      if (known) known.sender = device;
    }
  }

  /** The message that it had become was lost with its tab, before it was anywhere. */
  unsent(text: string): void {
    for (const word of wordsIn(text)) {
      const known = this.#words.get(word);
      if (known) Object.assign(known, { sender: null, cleared: true });
    }
  }

  /** A private window was closed before it could clear its sent draft on the server. */
  forgetWriter(device: string, conversationId: string): void {
    for (const known of this.#words.values())
      if (known.sender === device && known.conversationId === conversationId)
        Object.assign(known, { sender: null, cleared: true });
  }

  /** A tab has crashed with this text; of what was not `kept` on disk nothing is promised. */
  forgotten(text: string, kept: string): void {
    const words = wordsIn(kept);
    for (const word of wordsIn(text)) if (!words.includes(word)) this.cleared(word);
  }

  cleared(text: string): void {
    for (const word of wordsIn(text)) {
      const known = this.#words.get(word);
      if (known) known.cleared = true;
    }
  }

  /** `left`: whether this person was ever out of a conversation, with what was being written there. */
  check(
    name: string,
    draftOf: (conversationId: string) => string,
    messagesOf: (conversationId: string) => readonly Message[],
    outbox: readonly { body: string }[],
    left: (conversationId: string) => boolean,
  ): void {
    for (const [word, { conversationId, typist, writers, sender, cleared }] of this.#words) {
      if (left(conversationId)) continue;
      const isSentLine = (line: string) => wordsIn(line).includes(word) && this.#sentLines.has(line);
      // Who changed the line without knowing that it was sent elsewhere keeps it; what was typed on other lines keeps nothing.
      if (sender && typist === sender)
        must(
          !draftOf(conversationId).split('\n').some(isSentLine),
          12,
          'draft-back',
          () => `${name}: a line with ${word} was sent as it is, and is a draft again`,
        );
      const inDraft = wordsIn(draftOf(conversationId)).includes(word);
      // Who went on writing without knowing that it was sent elsewhere keeps it.
      if (sender && [...writers].every((device) => device === sender))
        must(!inDraft, 12, 'draft-back', () => `${name}: ${word} was sent, and is a draft again`);
      const isShown = [...messagesOf(conversationId), ...outbox].some((m) =>
        wordsIn(m.body ?? '').includes(word),
      );
      must(
        inDraft || isShown || sender || cleared,
        6,
        'draft-lost',
        () => `${name}: ${word} is lost, the draft is "${draftOf(conversationId)}"`,
      );
    }
  }
}
