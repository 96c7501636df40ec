import type { Context } from '../context.ts';
import { withoutKey } from '../maps.ts';
import type { Model } from '../model.ts';
import { type Command, ids, toStored } from './command.ts';
import { draftCommand, withDraft } from './draft.ts';
import { combined, draftOf, type Edit, type LocalDraft, sentAs, written } from './local-draft.ts';
import { mergeDrafts } from './merge-drafts.ts';
import type { Beside, PendingWrites } from './queue.ts';
import { withRow } from './rows.ts';

/** Between two writes of one draft to the disk, in ms: not every key is a transaction. */
const DISK_MS = 200;

/** Composers: at once in the model, a little later on disk and on the server. */
export class Drafts {
  /** Counted for all conversations: a tab that forgets a draft does not begin again. */
  #edits = 0;
  /** To be written to the disk. */
  readonly #due = new Set<string>();
  #known: Model['drafts'] = new Map();

  constructor(
    readonly context: Context,
    readonly writes: PendingWrites,
    /** Of this tab, as no other has it now or later. */
    readonly tab: string,
  ) {
    context.store.subscribe(() => this.#saveChanged());
  }

  set(conversationId: string, text: string): void {
    const { store } = this.context;
    const held = store.model.drafts.get(conversationId);
    const draft = written(held, conversationId, text, this.#edit());
    if (!draft || draft === held) return;
    this.#put(draft);
    // A text that was cleared is written at once: after a reload it would stand there again.
    if (text === '') this.#save(conversationId);
    else this.#saveSoon(conversationId);
  }

  /** The draft without what has become a message, for the step that stores this one. */
  sent(conversationId: string, body: string): Beside | undefined {
    const { store } = this.context;
    const draft = sentAs(store.model.drafts.get(conversationId), body, this.#edit());
    // Without a draft known here there may be one on disk all the same: not read yet, or just written by another tab.
    if (!draft) return undefined;
    this.#put(draft);
    this.#due.delete(conversationId);
    return { id: ids.draft(conversationId), change: (held) => storedDraft(draft, held) };
  }

  /** Written before the disk was read: without a version, and not knowing what stood there. */
  putAside(): readonly LocalDraft[] {
    const { store } = this.context;
    const early = [...store.model.drafts.values()].filter((draft) => draft.pending);
    for (const { conversationId } of early) {
      const drafts = withoutKey(store.model.drafts, conversationId);
      store.set(withRow({ ...store.model, drafts }, ids.draft(conversationId), null));
    }
    return early;
  }

  addBack(early: readonly LocalDraft[]): void {
    for (const { conversationId, text } of early) {
      const held = this.context.store.model.drafts.get(conversationId)?.text ?? '';
      this.set(conversationId, mergeDrafts('', held, text));
    }
  }

  /** Writes what waits for its time to the disk now. */
  saveAll(): void {
    for (const id of [...this.#due]) this.#save(id);
  }

  #edit(): Edit {
    return { tab: this.tab, n: ++this.#edits, at: this.context.clock.now() };
  }

  #put(draft: LocalDraft) {
    const { store } = this.context;
    store.set(withDraft(store.model, draft));
    if (draft.pending) this.writes.scheduleDraft(draft);
  }

  /** The server's text came in: what it settled leaves the disk, and what it was put together with is stored. */
  #saveChanged() {
    const { drafts } = this.context.store.model;
    const before = this.#known;
    if (drafts === before) return;
    this.#known = drafts;
    for (const [id, draft] of drafts) {
      const held = before.get(id);
      if (draft !== held && (draft.pending ? this.context.isSender() : held?.pending)) this.#saveSoon(id);
    }
  }

  #saveSoon(conversationId: string) {
    if (this.#due.has(conversationId)) return;
    this.#due.add(conversationId);
    this.context.clock.setTimeout(() => {
      if (this.#due.has(conversationId)) this.#save(conversationId);
    }, DISK_MS);
  }

  #save(conversationId: string) {
    this.#due.delete(conversationId);
    void this.writes.table.saveDraft(conversationId);
  }
}

/** As the disk is to have it: with what other tabs have written. */
const storedDraft = (own: LocalDraft, held: Command | null): Command => {
  const draft = held?.name === 'draft' ? combined(draftOf(held.args), own) : own;
  return toStored(draftCommand(draft, held ?? undefined));
};
