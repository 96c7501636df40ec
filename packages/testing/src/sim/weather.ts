import type { Mode } from './plan.ts';
import { type Random, streamOf } from './random.ts';

/** Chances in [0, 1], and times in ms. */
export interface Weather {
  /** Of a push. */
  lose: number;
  double: number;
  /** A push overtakes others. */
  reorder: number;
  /** A call fails before the server has seen it, or after it has done it. */
  failBefore: number;
  failAfter: number;
  /** Of each way, at most. */
  latencyMs: number;
}

export const FAIR: Weather = {
  lose: 0,
  double: 0,
  reorder: 0,
  failBefore: 0,
  failAfter: 0,
  latencyMs: 20,
};

export const weatherOf = (random: Random, mode: Mode): Weather => ({
  lose: mode === 'deaf' ? 1 : mode === 'calm' ? 0 : random() * 0.4,
  double: random() * 0.3,
  reorder: random() < 0.3 ? 0 : random() * 0.5,
  failBefore: mode === 'calm' ? 0 : random() * 0.2,
  failAfter: mode === 'calm' ? 0 : random() * 0.2,
  latencyMs: 20 + random() * 400,
});

/** The random network events of one device, drawn from its own stream. */
export class Luck {
  readonly #random: Random;

  constructor(seed: number, device: string) {
    this.#random = streamOf(seed, device, 'net');
  }

  latency({ latencyMs }: Weather): number {
    return 1 + this.#random() * latencyMs;
  }

  /** Always draws the same number of values, so that a failing call does not shift later ones. */
  call(weather: Weather) {
    const [before, kind, after] = [this.#random(), this.#random(), this.#random()];
    return {
      there: this.latency(weather),
      back: this.latency(weather),
      failsBefore: before < weather.failBefore,
      kind,
      failsAfter: after < weather.failAfter,
    };
  }

  push(weather: Weather) {
    const [lost, doubled, overtakes] = [this.#random(), this.#random(), this.#random()];
    return {
      latencies: [this.latency(weather), this.latency(weather)].slice(
        0,
        lost < weather.lose ? 0 : doubled < weather.double ? 2 : 1,
      ),
      overtakes: overtakes < weather.reorder,
    };
  }
}
