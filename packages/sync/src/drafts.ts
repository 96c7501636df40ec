import { type Context, isNotFound } from './context.ts';
import { type DraftRecord, going, reconcile, sentAs, settled, written } from './draft.ts';
import { mergeEntry } from './entries.ts';
import { shown, withKey } from './model.ts';
import { Writer } from './writer.ts';

const DEBOUNCE_MS = 1_000;
/** Who types without a pause is written down all the same. */
const MOST_MS = 5_000;

/** Drafts: at once in the model, a little later on the server, on top of the version they were written on. */
export class Drafts {
  readonly #writer: Writer;
  /** Refused for good as they stand: nothing to try before the next edit. */
  readonly #stuck = new Map<string, string>();

  constructor(readonly context: Context) {
    const model = () => context.store.model;
    const has = (id: string) => {
      const draft = model().drafts.get(id);
      return !!draft?.pending && model().entries.has(id) && this.#stuck.get(id) !== draft.text;
    };
    const writes = {
      pending: () => [...model().drafts.keys()].filter(has),
      has,
      write: (id: string) => this.#write(id),
      refused: (id: string, error: unknown) => this.#refused(id, error),
    };
    this.#writer = new Writer(context, writes, DEBOUNCE_MS);
  }

  set(conversationId: string, text: string): void {
    this.#put(
      conversationId,
      written(this.context.store.model.drafts.get(conversationId), text),
      DEBOUNCE_MS,
    );
  }

  /** Before the message is in the outbox of the same step: see Outbox. */
  sent(conversationId: string, body: string): void {
    const draft = sentAs(this.context.store.model.drafts.get(conversationId), body);
    if (draft) this.#put(conversationId, draft, DEBOUNCE_MS);
  }

  flush(): void {
    this.#writer.flush();
  }

  /** The server's text has come in: what was put together with it has to be written again. */
  changed(conversationId: string): void {
    this.#writer.sometime(conversationId, DEBOUNCE_MS);
  }

  #put(id: string, draft: DraftRecord, ms?: number) {
    const { store } = this.context;
    if (store.model.drafts.get(id) === draft) return;
    store.set(shown({ ...store.model, drafts: withKey(store.model.drafts, id, draft) }, id));
    if (ms !== undefined && draft.pending) this.#writer.later(id, ms, MOST_MS);
  }

  async #write(id: string) {
    const { store, transport } = this.context;
    const held = store.model.drafts.get(id);
    if (!held) return;
    this.#put(id, going(held));
    const { stored, entry } = await transport.draft(id, held.text, held.version);
    const now = store.model.drafts.get(id);
    const { draft } = entry;
    if (now && stored) this.#put(id, settled(now, draft, held.text));
    // Only a server that was put back to an earlier state knows less than we do: begin again from what it has.
    else if (now && !stored && now.version >= (draft?.version ?? 0)) {
      const behind = reconcile({ ...now, version: (draft?.version ?? 0) - 1 }, draft);
      if (behind) this.#put(id, behind);
    }
    this.context.take(id, mergeEntry(store.model, entry));
  }

  #refused(id: string, error: unknown) {
    const text = this.context.store.model.drafts.get(id)?.text ?? '';
    if (isNotFound(error)) this.context.refresh(id).catch(this.context.failed);
    else this.#stuck.set(id, text);
  }
}
