import type { Context } from './context.ts';
import type { Mirror } from './mirror.ts';
import type { Model } from './model.ts';
import type { LocalStore, SavedState } from './store/port.ts';
import type { Tabs } from './tabs/port.ts';

/** Whether this tab leads: it alone writes the mirror, and sends what all tabs have pending. */
export class Leadership {
  #release: (() => void) | null = null;
  /** Incremented whenever leadership is gained or lost, so that work begun in an earlier term is ignored. */
  #term = 0;

  constructor(
    readonly context: Context,
    readonly local: LocalStore,
    readonly tabs: Tabs,
    readonly mirror: Mirror,
    /** False if no store was given: then nothing is kept. */
    readonly hasStore: boolean,
    /** Takes what other tabs have put among the commands: `saved` has them. Never rejects. */
    readonly readCommands: (saved: Promise<SavedState>) => Promise<void>,
    readonly onLead: () => void,
  ) {
    context.store.subscribe(() => this.#wait());
  }

  run(): void {
    this.#release ??= this.tabs.lead({
      onLead: () => void this.#take(),
      onLeadershipLost: () => this.#lose(),
    });
  }

  /** Gives up leadership after writing what is not written yet. */
  async resign(): Promise<void> {
    const release = this.#release;
    this.#release = null;
    if (!release) return;
    await this.mirror.flush();
    // It was started again in the meantime; that candidacy must not be ended.
    if (!this.#release) this.#lose();
    release();
  }

  /** Another tab writes the store now: queue for leadership again, behind that tab. */
  onLeadershipLost(): void {
    this.#lose();
    this.#release?.();
    this.#release = null;
    if (this.context.running()) this.run();
  }

  async #take() {
    const term = ++this.#term;
    await this.context.ready;
    const { epoch } = await this.local.takeOver();
    const loading = this.local.load();
    // Before anything is sent: a draft that another tab has sent must not go out again.
    await this.readCommands(loading);
    const saved = await loading;
    if (term !== this.#term) return;
    if (this.hasStore) this.mirror.begin(epoch, saved);
    this.#set(true);
    this.onLead();
  }

  #lose() {
    this.#term++;
    this.mirror.end();
    this.#set(false);
  }

  #set(leader: boolean) {
    const { store } = this.context;
    if (store.model.leader !== leader) store.set({ ...store.model, leader });
  }

  /** A tab with pending commands checks that the leading tab, which sends them, is alive. */
  #wait() {
    const { model } = this.context.store;
    this.tabs.waiting(!model.leader && this.local.kind === 'disk' && hasPending(model));
  }
}

const hasPending = ({ commands }: Model): boolean => {
  for (const { state, storedRev } of commands.values())
    if (state !== 'failed' && storedRev === null) return true;
  return false;
};
