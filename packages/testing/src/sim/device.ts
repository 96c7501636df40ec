import type { Message } from '@lockstep/protocol';
import { MemoryDisk, type PersonalChange, TabHub } from '@lockstep/sync';
import { Changes, isChange } from './changes.ts';
import { MachineClock, type VirtualClock } from './clock.ts';
import type { Typed } from './drafts.ts';
import type { Ledger } from './ledger.ts';
import type { SimNetwork } from './network.ts';
import type { DevicePlan, Plan } from './plan.ts';
import { idsOf, streamOf } from './random.ts';
import type { Settings } from './settings.ts';
import { type Browser, type Sent, Tab } from './tab.ts';

const MAX_TABS = 3;
/** Least time between writing in one tab and writing in another, in ms. */
const TAB_MS = 1_500;

/** A browser of one person: its disk, its clock, its network, and the tabs that are open. */
export class Device implements Browser {
  readonly name: string;
  readonly seed: number;
  readonly disk = new MemoryDisk();
  readonly newId: () => string;
  readonly clock: MachineClock;
  readonly isPrivate: boolean;
  readonly sent = new Map<string, Sent>();
  readonly changes = new Changes();
  tabs: Tab[] = [];
  up = true;
  asleep = false;
  readonly #hub: TabHub;
  readonly #world: VirtualClock;
  #lastWriting: { tab: Tab; at: number } | null = null;
  #opened = 0;
  /** How long a silently dead socket counts as alive, in ms. */
  readonly #deadMs: number;

  constructor(
    plan: DevicePlan,
    readonly userId: string,
    { seed, mode }: Pick<Plan, 'seed' | 'mode'>,
    readonly network: SimNetwork,
    world: VirtualClock,
    readonly ledger: Ledger,
    /** What this device's person has typed, here and elsewhere. */
    readonly typed: Typed,
    /** What they have set. */
    readonly settings: Settings,
  ) {
    this.name = plan.name;
    this.seed = seed;
    this.#deadMs = mode === 'calm' ? 500 : 25_000;
    this.#world = world;
    this.clock = new MachineClock(world);
    this.clock.skew(plan.skewMs);
    this.newId = idsOf(seed, streamOf(seed, plan.name, 'ids'));
    this.#hub = new TabHub({ clock: this.clock, random: streamOf(seed, plan.name, 'tabs') });
    this.isPrivate = plan.private;
    for (let i = 0; i < plan.tabs; i++) this.openTab();
  }

  // Tabs

  openTab(): void {
    if (this.tabs.length >= (this.isPrivate ? 1 : MAX_TABS)) return;
    const name = `${this.name}.${++this.#opened}`;
    this.tabs.push(new Tab(name, this.#hub.open(name), this));
  }

  closeTab(tab: Tab): void {
    this.#gone(tab);
    tab.engine.stop();
    tab.hub.close();
  }

  /** A crash: what is not on disk is lost. */
  crashTab(tab: Tab): void {
    this.#gone(tab);
    tab.hub.crash();
  }

  /** The battery is empty: every tab at once. They come back from the disk. */
  crash(): void {
    for (const tab of [...this.tabs]) this.crashTab(tab);
  }

  freezeTab(tab: Tab, noticed: boolean): void {
    tab.frozen = true;
    tab.hub.freeze(noticed);
  }

  resumeTab(tab: Tab): void {
    if (!tab.frozen) return;
    tab.frozen = false;
    tab.hub.resume();
    tab.engine.wake();
  }

  #gone(tab: Tab) {
    this.tabs = this.tabs.filter((other) => other !== tab);
    this.network.cutSilently(tab.machine, null);
    this.#forget(tab);
  }

  /** Text of the last moments is not on disk yet, and nothing is guaranteed for it. */
  #forget({ name, state: { outbox, drafts } }: Tab) {
    const { disk, ledger, typed, userId } = this;
    this.changes.forgotten(name, [...disk.commands.values()], this.isPrivate);
    this.settings.forgotten(name, this.#world.elapsed, this.isPrivate);
    for (const { clientId, conversationId, body } of outbox) {
      if (disk.commands.has(clientId) || ledger.stored(conversationId, userId, clientId)) continue;
      this.sent.delete(clientId);
      typed.unsent(body);
    }
    for (const [id, { text, pending }] of drafts) {
      if (!pending) continue;
      const kept = disk.commands.get(`draft ${id}`);
      typed.forgotten(text, kept?.name === 'draft' ? kept.args.text : '');
      if (this.isPrivate) typed.forgetWriter(this.name, id);
    }
  }

  // What its person does

  /** Nobody goes on in another tab within a moment: what the tabs know of a draft takes that long to come around. */
  #writing(tab: Tab): Tab {
    const now = this.#world.elapsed;
    const before = this.#lastWriting;
    const same = before && now - before.at < TAB_MS && this.tabs.includes(before.tab) ? before.tab : tab;
    this.#lastWriting = { tab: same, at: now };
    return same;
  }

  /** What stands in the composer goes with it: a message is what was written there. */
  send(any: Tab, conversationId: string, body: string): void {
    const tab = this.#writing(any);
    const draft = tab.draft(conversationId);
    this.#send(tab, conversationId, `${draft} ${body}`.trim());
    this.typed.sent(this.name, draft);
  }

  #send(tab: Tab, conversationId: string, body: string) {
    this.sent.set(tab.engine.send(conversationId, body), { conversationId, tab: tab.name });
  }

  /** `message`: what is stored, or the client id of one that is not sent yet. Without a text it is taken back. */
  change(
    tab: Tab,
    conversationId: string,
    message: Message | string,
    body: string | null,
    onTop: boolean,
  ): void {
    const ref = typeof message === 'string' ? message : message.seq;
    const of =
      typeof message === 'string'
        ? { senderId: this.userId, clientId: message }
        : { senderId: message.senderId, clientId: message.clientId };
    const base = onTop && typeof message !== 'string' ? message.editedAt : undefined;
    const stored =
      body === null
        ? tab.engine.recall(conversationId, ref)
        : tab.engine.edit(conversationId, ref, body, base);
    this.changes.ask({ tab: tab.name, conversationId, ...of, message: ref, body }, stored);
  }

  set(tab: Tab, conversationId: string, change: PersonalChange): void {
    if (!tab.state.inbox.has(conversationId)) return;
    tab.engine.setPersonal(conversationId, change);
    this.settings.ask(tab.name, conversationId, change, this.#world.elapsed);
  }

  /** What was refused is tried once more, or given up; false where nothing was. */
  decide(tab: Tab, conversationId: string, again: boolean): boolean {
    const refused = [...tab.state.commands.values()].find(
      (command) =>
        isChange(command) && command.state === 'failed' && command.args.conversationId === conversationId,
    );
    if (!refused || !isChange(refused)) return false;
    if (again) tab.engine.retry(refused.id);
    else {
      this.changes.dropped(refused);
      tab.engine.discard(refused.id);
    }
    return true;
  }

  /** Another word at the end of what stands in the composer, now and then on a line of its own. */
  type(any: Tab, conversationId: string, number: number): void {
    const tab = this.#writing(any);
    if (!tab.state.inbox.has(conversationId)) return;
    // None is a part of another: of two texts of which one has the other in it, only one is kept.
    const word = `draft-${String(number).padStart(5, '0')}`;
    const text = `${tab.draft(conversationId)}${number % 2 ? ' ' : '\n'}${word}`.trim();
    tab.engine.setDraft(conversationId, text);
    this.typed.wrote(this.name, conversationId, text);
  }

  sendDraft(any: Tab, conversationId: string): void {
    const tab = this.#writing(any);
    const draft = tab.draft(conversationId);
    if (!draft) return;
    this.#send(tab, conversationId, draft);
    this.typed.sent(this.name, draft);
  }

  clearDraft(any: Tab, conversationId: string): void {
    const tab = this.#writing(any);
    const draft = tab.draft(conversationId);
    if (!draft) return;
    tab.engine.setDraft(conversationId, '');
    this.typed.cleared(draft);
  }

  // What happens to it

  offline(noticed: boolean): void {
    this.#network(false);
    for (const { machine, engine } of this.tabs) {
      if (noticed) {
        this.network.cut(machine);
        engine.suspend();
      } else this.network.cutSilently(machine, this.#deadMs);
    }
  }

  online(): void {
    this.wake();
    this.#network(true);
    for (const tab of this.tabs) tab.engine.wake();
  }

  #network(up: boolean) {
    this.up = up;
    for (const { machine } of this.tabs) machine.up = up;
  }

  /** The machine sleeps: nothing runs, nothing arrives, and the sockets are dead afterwards. */
  sleep(): void {
    if (this.asleep) return;
    this.asleep = true;
    this.clock.sleep();
    for (const { machine } of this.tabs) this.network.cutSilently(machine, this.#deadMs);
  }

  wake(): void {
    if (!this.asleep) return;
    this.asleep = false;
    this.clock.wake();
    for (const tab of this.tabs) tab.engine.wake();
  }

  /** Someone sits down at it: it is on, with a tab in front. */
  use(): void {
    this.wake();
    for (const tab of this.tabs) this.resumeTab(tab);
    if (this.tabs.length === 0) this.openTab();
  }
}
