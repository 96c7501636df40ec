import type { ChangesEvent } from '@lockstep/protocol';

/** What one message has to be, on every device: there once, and in the order of `rev`. */
export interface Tracked {
  sentAt: number;
  left: number;
}

/** Counts deliveries, checks order and exactly-once on each device, and records when the last device has a message. */
export class Tracker {
  deliveries = 0;
  frames = 0;
  readonly faults: string[] = [];
  readonly #under = new Map<string, Tracked>();
  /** Where each device stands: `rev` by conversation. */
  readonly #devices: Map<string, number>[] = [];
  #lastFrame: Buffer = Buffer.alloc(0);
  #lastEvents: ChangesEvent[] | null = null;

  constructor(readonly onLast: (clientId: string, sentAt: number) => void) {}

  get underWay(): number {
    return this.#under.size;
  }

  expect(clientId: string, sentAt: number, devices: number): void {
    this.#under.set(clientId, { sentAt, left: devices });
  }

  /** A send that was refused: it is not waited for. Returns false when it is there all the same. */
  forget(clientId: string): boolean {
    return this.#under.delete(clientId);
  }

  /** Devices that are not at the head after everything has been delivered. */
  behind(heads: Record<string, number>): number {
    return this.#devices.filter((revs) => [...revs].some(([id, rev]) => heads[id] !== rev)).length;
  }

  /** Handler of one device; `revs` is where it stands in each of its conversations. */
  device(revs: Map<string, number>): (payload: Buffer) => void {
    this.#devices.push(revs);
    return (payload) => {
      const events = this.#parse(payload);
      if (!events) return;
      this.frames++;
      for (const event of events) this.#apply(revs, event);
    };
  }

  #apply(revs: Map<string, number>, event: ChangesEvent): void {
    for (const { rev, clientId } of event.messages) {
      const known = revs.get(event.conversationId) ?? 0;
      if (rev !== known + 1) this.#fault(`rev ${rev} after ${known} in ${event.conversationId}`);
      revs.set(event.conversationId, rev);
      this.deliveries++;
      const tracked = this.#under.get(clientId);
      if (tracked && --tracked.left === 0) {
        this.#under.delete(clientId);
        this.onLast(clientId, tracked.sentAt);
      }
    }
  }

  #fault(text: string): void {
    if (this.faults.length < 10) this.faults.push(text);
  }

  /** The same frame goes to all devices of a room: it is parsed once. */
  #parse(payload: Buffer): ChangesEvent[] | null {
    if (payload.equals(this.#lastFrame)) return this.#lastEvents;
    const [name, events] = JSON.parse(payload.toString()) as [string, ChangesEvent[]];
    this.#lastFrame = Buffer.from(payload);
    this.#lastEvents = name === 'changes' ? events : null;
    return this.#lastEvents;
  }
}
