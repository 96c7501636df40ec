import { actions } from '@lockstep/core';
import type { ChangesEvent } from '@lockstep/protocol';
import { checkHeld } from './agree.ts';
import { Device } from './device.ts';
import { Typed } from './drafts.ts';
import type { Plan } from './plan.ts';
import { idsOf } from './random.ts';
import { Settings } from './settings.ts';
import { Stage, type StageOptions } from './stage.ts';
import type { Tab } from './tab.ts';
import { actorOf, type SimWorld, THRESHOLD } from './world.ts';

export type PlayOptions = Pick<StageOptions, 'trace' | 'looseness'>;

/** A stage with the people, devices and conversations of a plan. */
export class Play extends Stage {
  readonly people: string[];
  devices: Device[] = [];
  /** Ids, in the order in which they were made. */
  readonly conversations: string[] = [];
  readonly owners = new Map<string, string>();
  readonly newId: () => string;
  /** By person. */
  readonly typed = new Map<string, Typed>();
  readonly settings = new Map<string, Settings>();
  /** Conversations that were at some time read from their head. */
  readonly large = new Set<string>();
  #bodies = 0;

  constructor(
    world: SimWorld,
    readonly plan: Plan,
    options: PlayOptions,
  ) {
    const { seed } = plan;
    super(world, {
      ...{ ...options, seed, answer: world.callInShort },
      fanOutMs: plan.mode === 'calm' ? 0 : 300,
    });
    this.people = Array.from({ length: plan.people }, idsOf(seed, this.random('people'))).sort();
    this.newId = idsOf(seed, this.random('ids'));
  }

  get tabs(): Tab[] {
    return this.devices.flatMap((device) => device.tabs);
  }

  /** People without a device. */
  get crowd(): string[] {
    const owners = new Set(this.plan.devices.map((device) => device.person));
    return this.people.filter((_, i) => !owners.has(i));
  }

  /** A number for a text: each is said once. */
  next(): number {
    return ++this.#bodies;
  }

  titleOf(id: string): string {
    const index = this.conversations.indexOf(id);
    return index < 0 ? id.slice(9) : `#${index}`;
  }

  protected override published(event: ChangesEvent): void {
    if ((event.conversation?.memberCount ?? 0) > THRESHOLD) this.large.add(event.conversationId);
    this.trace(
      () =>
        `push ${event.messages.map((m) => `${m.seq}@${m.rev}`).join(' ')} to ${this.titleOf(event.conversationId)}`,
    );
    super.published(event);
  }

  override check(): void {
    super.check();
    for (const { watch } of this.tabs) if (watch.violation) throw watch.violation;
    for (const device of this.devices) checkHeld(device, this.ledger);
  }

  async setUp(): Promise<void> {
    const { plan, core, people } = this;
    await this.world.people(
      plan.seed,
      people.map((id, i) => ({ id, name: `Person ${i}` })),
    );
    for (const { kind, members } of plan.conversations) {
      const userIds = members.map((i) => people[i] as string);
      const [owner = '', other = ''] = userIds;
      const actor = actorOf(owner);
      const begin = {
        direct: () => actions.openDirect(actor, core, { userId: other }),
        group: () => actions.createGroup(actor, core, { title: 'group', userIds }),
        channel: () =>
          actions.createChannel(actor, core, { title: 'channel', visibility: 'public', userIds }),
      };
      const entry = await begin[kind]();
      this.conversations.push(entry.conversation.id);
      this.owners.set(entry.conversation.id, owner);
    }
    this.network.faults = plan.faults;
    for (const device of plan.devices) {
      const userId = people[device.person] as string;
      const typed = this.typed.get(userId) ?? new Typed();
      const settings = this.settings.get(userId) ?? new Settings();
      this.typed.set(userId, typed);
      this.settings.set(userId, settings);
      const { network, clock, ledger } = this;
      this.devices.push(new Device(device, userId, plan, network, clock, ledger, typed, settings));
    }
  }
}
