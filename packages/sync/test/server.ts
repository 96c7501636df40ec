import { randomUUID } from 'node:crypto';
import { actions } from '@lockstep/core';
import type { DraftResult, InboxEntry, Message, StateDigest } from '@lockstep/protocol';
import type { Input, Name, Output } from '@lockstep/protocol/contract';
import { testDatabase } from '@lockstep/testing';
import type { VirtualClock } from '@lockstep/testing/sim/clock';
import { withIds } from '@lockstep/testing/sim/ids';
import { Machine, type SimNetwork } from '@lockstep/testing/sim/network';
import { Stage } from '@lockstep/testing/sim/stage';
import { actorOf, createSimWorld, type SimWorld } from '@lockstep/testing/sim/world';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Clock, PersonalChange, Transport } from '../src/ports.ts';

/** An id that reads the same each time. */
export const uuid = (n: number): string => `018f0000-0000-7000-8000-${String(n).padStart(12, '0')}`;

export const [ANN, BEN, CEM] = [uuid(1), uuid(2), uuid(3)] as [string, string, string];
const PEOPLE = [ANN, BEN, CEM].map((id, i) => ({ id, name: ['Ann', 'Ben', 'Cem'][i] as string }));

/** Of this test: the real server on a database of its own, with a clock that tests move and a network between. */
export let clock: VirtualClock;
export let network: SimNetwork;
export let server: Server;

/** Called once in a file: each of its tests begins with an empty server. */
export const ownServer = (): void => {
  let end: () => Promise<void>;
  let world: SimWorld;
  beforeAll(async () => {
    const database = await testDatabase();
    world = createSimWorld(database.url, { threshold: 500 });
    end = async () => {
      await world.close();
      await database.drop();
    };
  });
  beforeEach(() => freshServer(world));
  afterAll(() => end());
};

const freshServer = async (world: SimWorld): Promise<void> => {
  await world.people(0, PEOPLE);
  const stage = new Stage(world);
  stage.enter();
  clock = stage.clock;
  network = stage.network;
  server = new Server(stage);
};

/** The way of one device to the server. */
export interface Way extends Transport {
  machine: Machine;
  /** Its socket breaks, and it hears of it. */
  cut(): void;
  /** Its socket breaks with what has it. */
  drop(): void;
}

/** What others do at the server, by the API. */
export class Server {
  #machines = 0;
  #ids = 0;

  constructor(readonly stage: Stage) {}

  #call<N extends Name>(userId: string, name: N, input: Input<N>): Promise<Output<N>> {
    return this.stage.clock.hold(this.stage.world.call(userId, name, input) as Promise<Output<N>>);
  }

  /** A device of this person. Nothing comes in while `device` stands still. */
  way(userId: string, device: Clock = this.stage.clock): Way {
    const { network: shared } = this.stage;
    const machine = new Machine(shared, {
      ...{ name: `device ${++this.#machines}`, userId, seed: 1, clock: device },
    });
    return {
      ...shared.transport(machine),
      machine,
      cut: () => shared.cut(machine),
      drop: () => shared.cutSilently(machine, null),
    };
  }

  /** A group that Ben makes, of him and others: two messages of the system. */
  async create(id: string, others: string[] = [ANN]): Promise<void> {
    let next: string | null = id;
    const newId = () => {
      const given = next ?? uuid(1_000_000 + ++this.#ids);
      next = null;
      return given;
    };
    await withIds(newId, () =>
      actions.createGroup(actorOf(BEN), this.stage.core, { title: 'group', userIds: others }),
    );
  }

  send(userId: string, conversationId: string, body: string): Promise<Message> {
    return this.#call(userId, 'messages.send', { conversationId, clientId: randomUUID(), body });
  }

  /** One after the other, but for the time between. */
  sendMany(userId: string, conversationId: string, bodies: readonly string[]): Promise<Message[]> {
    return Promise.all(bodies.map((body) => this.send(userId, conversationId, body)));
  }

  edit(userId: string, conversationId: string, seq: number, body: string): Promise<Message> {
    return this.#call(userId, 'messages.edit', { conversationId, seq, body });
  }

  recall(userId: string, conversationId: string, seq: number): Promise<Message> {
    return this.#call(userId, 'messages.recall', { conversationId, seq });
  }

  rename(conversationId: string, title: string): Promise<unknown> {
    return this.#call(BEN, 'conversations.rename', { conversationId, title });
  }

  add(conversationId: string, userId: string): Promise<unknown> {
    return this.#call(BEN, 'conversations.addMembers', { conversationId, userIds: [userId] });
  }

  remove(conversationId: string, userId: string): Promise<unknown> {
    return this.#call(BEN, 'conversations.removeMember', { conversationId, userId });
  }

  read(userId: string, conversationId: string, seq: number): Promise<InboxEntry> {
    return this.#call(userId, 'sync.read', { conversationId, seq });
  }

  personal(userId: string, conversationId: string, change: PersonalChange): Promise<InboxEntry> {
    return this.#call(userId, 'sync.personal', { conversationId, ...change });
  }

  draft(userId: string, conversationId: string, text: string, baseVersion: number): Promise<DraftResult> {
    return this.#call(userId, 'sync.draft', { conversationId, text, baseVersion });
  }

  entry(userId: string, conversationId: string): Promise<InboxEntry> {
    return this.#call(userId, 'conversations.get', { conversationId });
  }

  digest(userId: string): Promise<StateDigest> {
    return this.#call(userId, 'sync.digest', { ranges: [] });
  }

  /** Every change by `rev`, as it was. */
  changes(conversationId: string): ReadonlyMap<number, Message> {
    return this.stage.ledger.changes(conversationId);
  }

  headRev(conversationId: string): number {
    return this.stage.ledger.headRev(conversationId);
  }

  /** The newest state of each message. */
  messages(conversationId: string): Message[] {
    return this.stage.ledger.messages(conversationId);
  }

  /** The texts as they are now. */
  bodies(conversationId: string): string[] {
    return this.messages(conversationId).flatMap((m) => m.body ?? []);
  }
}
