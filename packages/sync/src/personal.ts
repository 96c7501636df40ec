import type { InboxEntry } from '@lockstep/protocol';
import { type Context, isNotFound } from './context.ts';
import { mergeEntry, readLocally } from './entries.ts';
import { type Model, shown, withKey, withoutKey } from './model.ts';
import type { PersonalChange } from './ports.ts';
import type { Shared } from './shared.ts';
import { Writer } from './writer.ts';

const READ_MS = 300;
/** Where the view stands changes with every scroll. */
const PLACE_MS = 2_000;

/**
 * Read positions and what else is personal: at once in the model, and to the server until it has it. Of one
 * conversation the calls go one by one, reading first: it clears "marked as unread", which may come after it.
 */
export class Personal {
  readonly #writer: Writer;

  constructor(
    readonly context: Context,
    readonly shared: Shared,
  ) {
    const has = (id: string) => this.#model.reading.has(id) || this.#model.personal.has(id);
    this.#writer = new Writer(context, {
      pending: () => new Set([...this.#model.reading.keys(), ...this.#model.personal.keys()]),
      has,
      write: (id) => this.#write(id),
      refused: (id, error) => this.#refused(id, error),
    });
  }

  get #model(): Model {
    return this.context.store.model;
  }

  /** Only the greatest position goes to the server (rule 7). */
  read(conversationId: string, seq: number): void {
    const next = readLocally(this.#model, conversationId, seq);
    if (next === this.#model) return;
    this.context.store.set(next);
    const read = next.reading.get(conversationId) ?? seq;
    this.shared.reading(conversationId, (held) => Math.max(held ?? 0, read));
    this.shared.personal(conversationId, ({ markedUnread: _, ...rest }) => rest);
    this.#writer.later(conversationId, READ_MS);
  }

  set(conversationId: string, change: PersonalChange): void {
    const entry = this.#model.inbox.get(conversationId);
    if (!entry || Object.keys(change).length === 0) return;
    if (change.placeSeq !== undefined && change.placeSeq === entry.placeSeq) return;
    const personal = { ...this.#model.personal.get(conversationId), ...change };
    this.shared.personal(conversationId, (held) => ({ ...held, ...change }));
    const next = { ...this.#model, personal: withKey(this.#model.personal, conversationId, personal) };
    this.context.store.set(shown(next, conversationId));
    const onlyPlace = Object.keys(personal).join() === 'placeSeq';
    this.#writer.later(conversationId, onlyPlace ? PLACE_MS : 0);
  }

  flush(): void {
    this.#writer.flush();
  }

  resume(): void {
    this.#writer.resume();
  }

  async #write(id: string) {
    const { transport } = this.context;
    const seq = this.#model.reading.get(id);
    if (seq !== undefined) {
      const entry = await transport.read(id, seq);
      this.#take(entry, readConfirmed(this.#model, id, seq));
      this.shared.reading(id, (held) => (held !== null && held > seq ? held : null));
    }
    const change = this.#model.personal.get(id);
    if (!change) return;
    const entry = await transport.personal(id, change);
    this.#take(entry, personalConfirmed(this.#model, id, change));
    this.shared.personal(id, (held) => unconfirmed(held, change));
  }

  #take(entry: InboxEntry, confirmed: Model) {
    const { id } = entry.conversation;
    this.context.take(id, mergeEntry(confirmed, entry));
    this.shared.answered(entry);
  }

  #refused(id: string, error: unknown) {
    const { refresh, failed } = this.context;
    if (!isNotFound(error)) this.#drop(id);
    // No longer a member: all of it goes with the entry, or it is tried again when that was a mistake.
    const done = () => {
      if (!this.#model.entries.has(id)) this.#drop(id);
    };
    refresh(id).then(done, (again) => {
      failed(again);
      if (isNotFound(again)) done();
    });
  }

  /** Also from the table: a tab that was behind may have written it after the conversation was left. */
  #drop(id: string) {
    const { reading, personal } = this.#model;
    const rest = { ...this.#model, reading: withoutKey(reading, id), personal: withoutKey(personal, id) };
    this.context.store.set(shown(rest, id));
    this.shared.reading(id, () => null);
    this.shared.personal(id, () => ({}));
  }
}

const readConfirmed = (model: Model, id: string, seq: number): Model => {
  const pending = model.reading.get(id);
  if (pending === undefined || pending > seq) return model;
  return shown({ ...model, reading: withoutKey(model.reading, id) }, id);
};

/** What was changed again meanwhile stays pending. */
const unconfirmed = (pending: PersonalChange, sent: PersonalChange): PersonalChange =>
  Object.fromEntries(
    Object.entries(pending).filter(([key, value]) => sent[key as keyof PersonalChange] !== value),
  );

const personalConfirmed = (model: Model, id: string, sent: PersonalChange): Model => {
  const left = unconfirmed(model.personal.get(id) ?? {}, sent);
  const personal =
    Object.keys(left).length > 0 ? withKey(model.personal, id, left) : withoutKey(model.personal, id);
  return shown({ ...model, personal }, id);
};
