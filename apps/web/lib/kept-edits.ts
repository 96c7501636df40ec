/** The changed text of a message that is not saved yet. */
export interface KeptEdit {
  seq: number;
  /** As it would be stored. */
  text: string;
  /** The text and the `editedAt` that it was written on top of. */
  base: { body: string; editedAt: number | null };
  /** When it was written last, by this device's clock in ms. */
  at: number;
}

/**
 * Unsaved edits per message on this device: like drafts they survive opening another conversation, a reload and a
 * crash. The keys begin with `lockstep.`, so that they are removed with the account (lib/account.ts).
 */
export class KeptEdits {
  readonly #prefix: string;

  constructor(userId: string, conversationId: string) {
    this.#prefix = `lockstep.edit.${userId}.${conversationId}.`;
  }

  get(seq: number): KeptEdit | null {
    try {
      return parse(localStorage.getItem(this.#prefix + seq));
    } catch {
      return null; // storage is forbidden: an edit lasts as long as the page
    }
  }

  keep(edit: KeptEdit): void {
    try {
      localStorage.setItem(this.#prefix + edit.seq, JSON.stringify(edit));
    } catch {} // full or forbidden: the text is still in the field
  }

  drop(seq: number): void {
    try {
      localStorage.removeItem(this.#prefix + seq);
    } catch {}
  }

  /** What was written on last; null where nothing is kept. */
  latest(): KeptEdit | null {
    try {
      return Object.keys(localStorage)
        .filter((key) => key.startsWith(this.#prefix))
        .map((key) => parse(localStorage.getItem(key)))
        .reduce((a, b) => (!a || (b && b.at > a.at) ? b : a), null);
    } catch {
      return null;
    }
  }
}

const parse = (text: string | null): KeptEdit | null => {
  const value = JSON.parse(text ?? 'null') as KeptEdit | null;
  const isEdit =
    Number.isInteger(value?.seq) && typeof value?.text === 'string' && typeof value.base?.body === 'string';
  return isEdit ? value : null;
};
