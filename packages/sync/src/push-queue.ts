import { type InboxPage, type Message, namedIn, namedInEntry, type Person } from '@lockstep/protocol';
import type { Context } from './context.ts';
import type { Transport } from './ports.ts';

/** `People.fetchMissing`. */
type FetchMissing = (userIds: readonly string[]) => Promise<void> | null;

/** Applies pushes in the order of arrival, each as soon as the people it mentions are known. */
export class PushQueue {
  #last: Promise<void> | null = null;

  constructor(
    readonly fetchMissing: FetchMissing,
    readonly context: Pick<Context, 'running' | 'failed'>,
  ) {}

  /** Applies immediately if everybody is known and nothing is queued. */
  take(named: readonly string[], apply: () => void): void {
    const known = this.fetchMissing(named);
    if (!known && !this.#last) {
      apply();
      return;
    }
    const mine: Promise<void> = Promise.all([this.#last, known])
      // Do not write into a state that was wiped in the meantime.
      .then(() => this.context.running() && apply())
      .catch(this.context.failed)
      .then(() => {
        if (this.#last === mine) this.#last = null;
      });
    this.#last = mine;
  }
}

/**
 * A transport that delays each answer until the people it mentions are known, so that nobody is shown without a name.
 * `addPeople` stores people included in an answer, `fetchMissing` fetches the others.
 */
export const withKnownPeople = (
  transport: Transport,
  addPeople: (people: readonly Person[]) => void,
  fetchMissing: FetchMissing,
): Transport => {
  const after = async <T>(answer: Promise<T>, named: (found: T) => string[]): Promise<T> => {
    const found = await answer;
    await fetchMissing(named(found));
    return found;
  };
  const inPage = ({ messages, people = [] }: { messages: Message[]; people?: Person[] }) => {
    addPeople(people);
    return namedIn(messages);
  };
  const inInbox = ({ entries, changes, people: included }: InboxPage) => {
    const here = new Set(included.map(({ id }) => id));
    return [...entries.flatMap(namedInEntry), ...changes.flatMap(inPage)].filter((id) => !here.has(id));
  };
  return {
    ...transport,
    before: (...args) => after(transport.before(...args), inPage),
    after: (...args) => after(transport.after(...args), inPage),
    around: (...args) => after(transport.around(...args), inPage),
    changes: (...args) => after(transport.changes(...args), inPage),
    inbox: (...args) => after(transport.inbox(...args), inInbox),
    entry: (...args) => after(transport.entry(...args), namedInEntry),
    receipts: (...args) => after(transport.receipts(...args), (all) => all.map(({ userId }) => userId)),
  };
};
