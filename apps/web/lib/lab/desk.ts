import type { Person } from '@lockstep/protocol';
import { type DeviceVerdict, verdictOf } from './agreement.ts';
import type { Order, Report } from './messages.ts';

/** Places for devices: the host each runs on, below the lab's own. */
export const SLOTS = ['a', 'b', 'c', 'd', 'e', 'f'] as const;
export type Slot = (typeof SLOTS)[number];

export interface LabDevice {
  slot: Slot;
  person: Pick<Person, 'id' | 'name'>;
  /** Raised to load it again from the start: a new session and an empty store. */
  fresh: number;
  report: Report | null;
  verdict: DeviceVerdict;
}

export interface DeskState {
  devices: readonly LabDevice[];
  /** Overall digest of the server by person. */
  digests: ReadonlyMap<string, string>;
}

const POLL_MS = 1_000;
/** After a report: what the devices do often changes the server's digest as well. */
const SOON_MS = 150;

/** The devices on the page of the lab: what they report, what the server says, and the way to give them orders. */
export class Desk {
  #state: DeskState = { devices: [], digests: new Map() };
  readonly #listeners = new Set<() => void>();
  readonly #frames = new Map<Slot, Window>();
  /** Since when a device that has no excuse differs from the server, in ms of this page's clock. */
  readonly #differs = new Map<Slot, number>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking = false;

  getState = (): DeskState => this.#state;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Listens to the frames and asks the server, until the returned way to stop is called. */
  start(): () => void {
    const onReport = (event: MessageEvent<Report>) => this.#receive(event);
    window.addEventListener('message', onReport);
    this.#askAfter(0);
    return () => {
      window.removeEventListener('message', onReport);
      clearTimeout(this.#timer);
    };
  }

  /** Into the first free place; nothing when all are taken. */
  add(person: LabDevice['person']): void {
    const slot = SLOTS.find((each) => !this.#state.devices.some((device) => device.slot === each));
    if (!slot) return;
    const device: LabDevice = { slot, person, fresh: 0, report: null, verdict: 'moving' };
    this.#set({ devices: [...this.#state.devices, device].sort((a, b) => (a.slot < b.slot ? -1 : 1)) });
    this.#askAfter(0);
  }

  remove(slot: Slot): void {
    this.#frames.delete(slot);
    this.#differs.delete(slot);
    this.#set({ devices: this.#state.devices.filter((device) => device.slot !== slot) });
  }

  /** Loads a device again: from what it holds, or `fresh`, as if it had just been bought. */
  reload(slot: Slot, fresh: boolean): void {
    this.#change(slot, (device) => ({ fresh: device.fresh + (fresh ? 1 : 0), report: null }));
    // Another `fresh` is another frame.
    if (!fresh) this.#frames.get(slot)?.location.replace(this.addressOf(slot));
  }

  /** Called by its pane with the frame, and with null when that goes. */
  frame(slot: Slot, frame: Window | null): void {
    if (frame) this.#frames.set(slot, frame);
    else this.#frames.delete(slot);
  }

  addressOf(slot: Slot): string {
    return `${window.location.protocol}//${slot}.${window.location.host}`;
  }

  order(slot: Slot, order: Order): void {
    this.#frames.get(slot)?.postMessage(order, this.addressOf(slot));
  }

  orderAll(order: Order): void {
    for (const { slot } of this.#state.devices) this.order(slot, order);
  }

  /** Resolves once it holds; rejects when the signal is aborted. */
  until(holds: (state: DeskState) => boolean, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const poll = () => {
        if (signal.aborted) reject(signal.reason);
        else if (holds(this.#state)) resolve();
        else return;
        stop();
      };
      const stop = this.subscribe(poll);
      signal.addEventListener('abort', poll, { once: true });
      poll();
    });
  }

  #receive({ origin, source, data }: MessageEvent<Report>) {
    const device = this.#state.devices.find(({ slot }) => this.addressOf(slot) === origin);
    if (!device || source !== this.#frames.get(device.slot) || data?.type !== 'report') return;
    this.#change(device.slot, () => ({ report: data }));
    this.#askAfter(SOON_MS);
  }

  #askAfter(ms: number) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(), ms);
  }

  async #ask() {
    if (this.#asking) return;
    this.#asking = true;
    try {
      const ids = [...new Set(this.#state.devices.map(({ person }) => person.id))];
      const answers = await Promise.all(ids.map(async (id) => [id, await serverDigest(id)] as const));
      const answered = answers.filter((answer): answer is [string, string] => answer[1] !== null);
      this.#set({ digests: new Map(answered) });
      for (const { slot } of this.#state.devices) this.#change(slot, () => ({}));
    } finally {
      this.#asking = false;
      this.#askAfter(POLL_MS);
    }
  }

  #change(slot: Slot, change: (device: LabDevice) => Partial<LabDevice>) {
    const devices = this.#state.devices.map((device) => {
      if (device.slot !== slot) return device;
      const next = { ...device, ...change(device) };
      return { ...next, verdict: this.#updateVerdicts(next) };
    });
    this.#set({ devices });
  }

  #updateVerdicts({ slot, person, report }: LabDevice): DeviceVerdict {
    const now = performance.now();
    const server = this.#state.digests.get(person.id) ?? null;
    const verdict = verdictOf(report, server, now - (this.#differs.get(slot) ?? now));
    if (verdict === 'agree') this.#differs.delete(slot);
    else if (!this.#differs.has(slot)) this.#differs.set(slot, now);
    return verdict;
  }

  #set(change: Partial<DeskState>) {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

/** Null while the server does not answer. */
const serverDigest = async (userId: string): Promise<string | null> => {
  try {
    const answer = await fetch(`/lab/digest?user=${userId}`);
    return answer.ok ? ((await answer.json()) as { overall: string }).overall : null;
  } catch {
    return null;
  }
};
