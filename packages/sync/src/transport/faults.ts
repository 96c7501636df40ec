/** What goes wrong between devices and the server. Chances in [0, 1], times in ms. */
export interface Faults {
  /** A call never arrives. */
  dropCall: number;
  /** A call is carried out, and its answer never comes: the device does not know which it was. */
  dropAnswer: number;
  dropPush: number;
  /** A push comes twice. */
  duplicatePush: number;
  /** A push overtakes those before it. */
  reorderPush: number;
  /** Each way takes this long, for a call there and back, and up to `jitterMs` longer. */
  delayMs: number;
  jitterMs: number;
}

export const NO_FAULTS: Faults = {
  dropCall: 0,
  dropAnswer: 0,
  dropPush: 0,
  duplicatePush: 0,
  reorderPush: 0,
  delayMs: 0,
  jitterMs: 0,
};

/** Sockets stay open and bring nothing, and nobody notices (rule 9). */
export const DEAF: Faults = { ...NO_FAULTS, dropPush: 1 };

export const LOSSY: Faults = { ...NO_FAULTS, dropCall: 0.25, dropAnswer: 0.15, dropPush: 0.4 };

export const SLOW: Faults = { ...NO_FAULTS, delayMs: 200, jitterMs: 600 };

/** As much of a clock as a network needs. */
export interface Timers {
  now(): number;
  setTimeout(run: () => void, ms: number): unknown;
}

/** Which faults meet whom: drawn from one source, always as many numbers, so that a fault does not shift the next ones. */
class Dice {
  constructor(
    readonly random: () => number,
    readonly network: { readonly faults: Faults },
  ) {}

  delay(): number {
    const { delayMs, jitterMs } = this.network.faults;
    return delayMs + this.random() * jitterMs;
  }

  call() {
    const { dropCall, dropAnswer } = this.network.faults;
    const [call, kind, answer] = [this.random(), this.random(), this.random()];
    return {
      there: this.delay(),
      back: this.delay(),
      callDropped: call < dropCall,
      kind,
      answerDropped: answer < dropAnswer,
    };
  }

  push() {
    const { dropPush, duplicatePush, reorderPush } = this.network.faults;
    const [dropped, doubled, overtakes] = [this.random(), this.random(), this.random()];
    const copies = dropped < dropPush ? 0 : doubled < duplicatePush ? 2 : 1;
    return { delays: [this.delay(), this.delay()].slice(0, copies), overtakes: overtakes < reorderPush };
  }
}

/** The network that devices share, and the server at its end. */
export class FaultyNetwork {
  faults: Faults = NO_FAULTS;
  /** False while the server is down. */
  up = true;
  /** Raised by whatever breaks all calls under way. */
  epoch = 0;
  /** Told what becomes of calls. */
  trace: (line: () => string) => void = () => {};
}

export interface LinkOptions {
  name?: string;
  network?: FaultyNetwork;
  /** In [0, 1). */
  random?: () => number;
  /** Of what is on its way. */
  wire?: Timers;
  /** Of the device; stands still while it sleeps: what comes in then waits. */
  device?: Timers;
  /** What a dropped call ends with; by default as without a network. */
  refusal?: (kind: number) => Error;
}

const SYSTEM: Timers = { now: () => Date.now(), setTimeout: (run, ms) => setTimeout(run, ms) };

const noNetwork = () => new TypeError('fetch failed');

/**
 * The way of one device to the server, with faults: the simulation, the browser tests and the Device Lab put it between
 * an engine and whatever carries its calls and pushes there.
 */
export class FaultyLink {
  readonly name: string;
  readonly network: FaultyNetwork;
  /** False while the device has no network. */
  up = true;
  /** Raised by whatever breaks the calls of this device. */
  epoch = 0;
  readonly wire: Timers;
  readonly device: Timers;
  readonly #dice: Dice;
  readonly #refusal: (kind: number) => Error;

  constructor({
    name = 'device',
    network = new FaultyNetwork(),
    random = Math.random,
    wire = SYSTEM,
    device = wire,
    refusal = noNetwork,
  }: LinkOptions = {}) {
    this.name = name;
    this.network = network;
    this.wire = wire;
    this.device = device;
    this.#dice = new Dice(random, network);
    this.#refusal = refusal;
  }

  /** How long one way takes now, in ms. */
  delay(): number {
    return this.#dice.delay();
  }

  /** A call, carried out by `work` if it arrives. Rejects as a transport does. */
  async call<T>(name: string, work: () => Promise<T>): Promise<T> {
    const { network } = this;
    const fate = this.#dice.call();
    const epoch = this.epoch + network.epoch;
    // A step of its own, as with any network: nothing is refused within the call itself.
    if (!this.up) {
      await new Promise<void>((resolve) => this.device.setTimeout(resolve, 0));
      throw noNetwork();
    }
    await after(this.wire, fate.there);
    if (!network.up || fate.callDropped) {
      network.trace(() => `${this.name} ${name} does not arrive`);
      // The way back ends at the device: asleep it hears nothing until it wakes, and dead it never does.
      await after(this.device, fate.back);
      throw network.up ? this.#refusal(fate.kind) : noNetwork();
    }
    const outcome = await settled(work);
    network.trace(() => `${this.name} ${name} ${outcome.ok ? 'done' : (outcome.error as Error).message}`);
    await after(this.device, fate.back);
    if (epoch !== this.epoch + network.epoch || !this.up || fate.answerDropped) throw noNetwork();
    if (!outcome.ok) throw outcome.error;
    return outcome.value;
  }

  /** The pushes of one socket: each `deliver` is done in order or overtakes, late, twice or never. */
  pushes(): (deliver: () => void) => void {
    let busyUntil = 0;
    return (deliver) => {
      const { delays, overtakes } = this.#dice.push();
      for (const delay of delays) {
        const now = this.wire.now();
        const at = overtakes ? now + delay : Math.max(busyUntil, now + delay);
        busyUntil = Math.max(busyUntil, at);
        if (at > now) this.device.setTimeout(deliver, at - now);
        else deliver();
      }
    };
  }
}

const after = async (timers: Timers, ms: number): Promise<void> => {
  if (ms > 0) await new Promise<void>((resolve) => timers.setTimeout(resolve, ms));
};

const settled = async <T>(
  work: () => Promise<T>,
): Promise<{ ok: true; value: T } | { ok: false; error: unknown }> => {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    return { ok: false, error };
  }
};
