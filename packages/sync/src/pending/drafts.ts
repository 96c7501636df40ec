import type { Context } from '../context.ts';
import { withoutKey } from '../maps.ts';
import type { Model } from '../model.ts';
import { type Command, ids, toStored } from './command.ts';
import { draftCommand, withDraft } from './draft.ts';
import { draftOf, type Edit, type LocalDraft, mergeLocalDrafts, sentAs, withWritten } from './local-draft.ts';
import { mergeDrafts } from './merge-drafts.ts';
import type { Beside, PendingWrites } from './queue.ts';
import { withRow } from './rows.ts';

/** Least time between two writes of one draft to disk, in ms, so that not every key press is a transaction. */
const DISK_MS = 200;

/** The texts of composers: immediately in the model, shortly after on disk and on the server. */
export class Drafts {
  /** One counter for all conversations, so that it does not restart when a tab drops a draft. */
  #edits = 0;
  /** To be written to the disk. */
  readonly #due = new Set<string>();
  #known: Model['drafts'] = new Map();

  constructor(
    readonly context: Context,
    readonly writes: PendingWrites,
    /** Unique to this tab. */
    readonly tab: string,
  ) {
    context.store.subscribe(() => this.#saveChanged());
  }

  set(conversationId: string, text: string): void {
    const { store } = this.context;
    const held = store.model.drafts.get(conversationId);
    const draft = withWritten(held, conversationId, text, this.#edit());
    if (!draft || draft === held) return;
    this.#put(draft);
    // A cleared text is written immediately; otherwise it would be back after a reload.
    if (text === '') this.#save(conversationId);
    else this.#saveSoon(conversationId);
  }

  /** The draft without the text that was sent, stored in the same step as the message. */
  sent(conversationId: string, body: string): Beside | undefined {
    const { store } = this.context;
    const draft = sentAs(store.model.drafts.get(conversationId), body, this.#edit());
    // A draft unknown to this tab may still be on disk: not read yet, or just written by another tab.
    if (!draft) return undefined;
    this.#put(draft);
    this.#due.delete(conversationId);
    return { id: ids.draft(conversationId), change: (held) => storedDraft(draft, held) };
  }

  /** Text written before the disk was read: it has no version, and what was stored is unknown. */
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

  /** The server's text arrived: settled drafts leave the disk, merged drafts are stored. */
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

/** The draft to store, merged with what other tabs have written. */
const storedDraft = (own: LocalDraft, held: Command | null): Command => {
  const draft = held?.name === 'draft' ? mergeLocalDrafts(draftOf(held.args), own) : own;
  return toStored(draftCommand(draft, held ?? undefined));
};
