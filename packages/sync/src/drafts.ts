import { type Context, isNotFound } from './context.ts';
import { type Edit, going, type LocalDraft, reconcile, sentAs, settled, written } from './draft.ts';
import { mergeEntry } from './entries.ts';
import { mergeDrafts } from './merge-drafts.ts';
import { shown, withKey, withoutKey } from './model.ts';
import type { Shared } from './shared.ts';
import { Writer } from './writer.ts';

const DEBOUNCE_MS = 1_000;
/** Who types without a pause is written down all the same. */
const MOST_MS = 5_000;

/** Drafts: at once in the model, a little later on the server, on top of the version they were written on. */
export class Drafts {
  readonly #writer: Writer;
  /** Refused for good as they stand: nothing to try before the next edit. */
  readonly #stuck = new Map<string, string>();
  /** Counted for all conversations: a tab that forgets a draft does not begin again. */
  #edits = 0;

  constructor(
    readonly context: Context,
    readonly shared: Shared,
    /** Of this tab, as no other has it now or later. */
    readonly tab: string,
  ) {
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
    const { store } = this.context;
    const draft = written(store.model.drafts.get(conversationId), conversationId, text, this.#edit());
    if (!draft || !this.#put(conversationId, draft)) return;
    this.shared.draft(conversationId);
    if (draft.pending) this.#writer.later(conversationId, DEBOUNCE_MS, MOST_MS);
  }

  /** The draft without what has become a message, for the step that puts this into the outbox. */
  sent(conversationId: string, body: string): LocalDraft | null {
    const { store } = this.context;
    const draft = sentAs(store.model.drafts.get(conversationId), body, this.#edit());
    if (!draft) return null;
    this.#put(conversationId, draft);
    if (draft.pending) this.#writer.later(conversationId, DEBOUNCE_MS, MOST_MS);
    return draft;
  }

  /** Written before the disk was read: without a version, and not knowing what stood there. */
  putAside(): readonly LocalDraft[] {
    const { store } = this.context;
    const early = [...store.model.drafts.values()].filter((draft) => draft.pending);
    for (const { conversationId } of early)
      store.set({ ...store.model, drafts: withoutKey(store.model.drafts, conversationId) });
    return early;
  }

  addBack(early: readonly LocalDraft[]): void {
    for (const { conversationId, text } of early)
      this.set(
        conversationId,
        mergeDrafts('', this.context.store.model.drafts.get(conversationId)?.text ?? '', text),
      );
  }

  flush(): void {
    this.#writer.flush();
  }

  /** Gives all that is pending its time: what was put together with another device's text, what another tab wrote. */
  resume(): void {
    this.#writer.resume(DEBOUNCE_MS);
  }

  #edit(): Edit {
    return { tab: this.tab, n: ++this.#edits, at: this.context.clock.now() };
  }

  #put(id: string, draft: LocalDraft): boolean {
    const { store } = this.context;
    if (store.model.drafts.get(id) === draft) return false;
    store.set(shown({ ...store.model, drafts: withKey(store.model.drafts, id, draft) }, id));
    return true;
  }

  async #write(id: string) {
    const { store, transport } = this.context;
    const held = store.model.drafts.get(id);
    if (!held) return;
    if (this.#put(id, going(held))) await this.shared.draftGoing(id);
    const { stored, entry } = await transport.draft(id, held.text, held.version);
    const now = store.model.drafts.get(id);
    const { draft } = entry;
    if (now && stored) this.#put(id, settled(now, draft, held.text));
    // Only a server that was put back to an earlier state knows less than we do: begin again from what it has.
    else if (now && held.version > (draft?.version ?? 0)) {
      const behind = reconcile({ ...now, version: (draft?.version ?? 0) - 1 }, id, draft);
      this.#put(id, behind ?? now);
    }
    this.context.take(id, mergeEntry(store.model, entry));
    this.shared.answered(entry);
    this.shared.draft(id, 0);
  }

  #refused(id: string, error: unknown) {
    const text = this.context.store.model.drafts.get(id)?.text ?? '';
    if (isNotFound(error)) this.context.refresh(id).catch(this.context.failed);
    else this.#stuck.set(id, text);
  }
}
