import { createEngine, type Engine, type SyncState, type Transport } from '@lockstep/sync';
import type { VirtualClock } from './clock.ts';
import type { Typed } from './drafts.ts';
import type { Ledger } from './ledger.ts';
import { Machine, type Network } from './network.ts';
import type { DevicePlan, Plan } from './plan.ts';
import { idsOf, streamOf } from './random.ts';
import { Watch } from './watch.ts';

/** A real engine on the simulated network, watched at every state. */
export class Device {
  readonly name: string;
  readonly machine: Machine;
  readonly engine: Engine;
  readonly watch: Watch;
  /** What this device was asked to send: client id to conversation. */
  readonly sent = new Map<string, string>();
  asleep = false;
  /** How long, in ms, it takes a socket that died without a word for alive. */
  readonly #deadMs: number;

  constructor(
    plan: DevicePlan,
    readonly userId: string,
    { seed, mode }: Pick<Plan, 'seed' | 'mode'>,
    readonly network: Network,
    clock: VirtualClock,
    ledger: Ledger,
    /** What this device's person has typed, here and elsewhere. */
    readonly typed: Typed,
  ) {
    this.name = plan.name;
    this.#deadMs = mode === 'calm' ? 500 : 25_000;
    this.machine = new Machine(plan.name, userId, seed, clock);
    this.machine.clock.skew(plan.skewMs);
    this.engine = createEngine({
      userId,
      transport: acknowledging(network.transport(this.machine), ledger),
      clock: this.machine.clock,
      random: streamOf(seed, plan.name, 'engine'),
      newId: idsOf(seed, streamOf(seed, plan.name, 'ids')),
      onFault: (error) => {
        throw error;
      },
    });
    this.watch = new Watch(plan.name, ledger, this.engine.getState());
    this.engine.subscribe(() => this.watch.see(this.engine.getState()));
  }

  get state(): SyncState {
    return this.engine.getState();
  }

  /** What stands in the composer goes with it: a message is what was written there. */
  send(conversationId: string, body: string): void {
    const draft = this.draft(conversationId);
    this.#send(conversationId, `${draft} ${body}`.trim());
    this.typed.sent(this.name, draft);
  }

  #send(conversationId: string, body: string) {
    this.sent.set(this.engine.send(conversationId, body), conversationId);
  }

  /** Another word at the end of what stands in the composer. */
  type(conversationId: string, number: number): void {
    if (!this.state.inbox.has(conversationId)) return;
    const text = `${this.draft(conversationId)} draft-${number}`.trim();
    this.engine.setDraft(conversationId, text);
    this.typed.wrote(this.name, conversationId, text);
  }

  sendDraft(conversationId: string): void {
    const draft = this.draft(conversationId);
    if (!draft) return;
    this.#send(conversationId, draft);
    this.typed.sent(this.name, draft);
  }

  clearDraft(conversationId: string): void {
    const text = this.draft(conversationId);
    if (!text) return;
    this.engine.setDraft(conversationId, '');
    this.typed.cleared(text);
  }

  draft(conversationId: string): string {
    return this.state.drafts.get(conversationId)?.text ?? '';
  }

  offline(told: boolean): void {
    this.machine.up = false;
    if (told) {
      this.network.cut(this.machine);
      this.engine.suspend();
    } else this.network.cutSilently(this.machine, this.#deadMs);
  }

  online(): void {
    this.wake();
    this.machine.up = true;
    this.engine.wake();
  }

  /** The lid is closed: nothing runs, nothing arrives, and the socket is dead when it opens again. */
  sleep(): void {
    if (this.asleep) return;
    this.asleep = true;
    this.machine.clock.sleep();
    this.network.cutSilently(this.machine, this.#deadMs);
  }

  wake(): void {
    if (!this.asleep) return;
    this.asleep = false;
    this.machine.clock.wake();
    this.engine.wake();
  }
}

/** Notes what the device is told is stored: from then on it must never be lost (rule 3). */
const acknowledging = (transport: Transport, ledger: Ledger): Transport => ({
  ...transport,
  send: async (conversationId, clientId, body) => {
    const message = await transport.send(conversationId, clientId, body);
    ledger.acknowledged.set(clientId, { conversationId, seq: message.seq });
    return message;
  },
});
