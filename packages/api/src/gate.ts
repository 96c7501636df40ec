import { LockstepError } from '@lockstep/protocol';

export interface GateOptions {
  /** Calls of one key that run at the same time. */
  atOnce: number;
  /** Calls of one key that wait; a further one is refused. */
  waiting: number;
  /** A call that has waited this long is refused, in ms. */
  waitMs: number;
}

interface Line {
  running: number;
  waiting: (() => void)[];
}

/** Runs a few calls of one key at a time; the others wait in order of arrival. */
export class Gate {
  readonly #lines = new Map<string, Line>();

  constructor(readonly options: GateOptions) {}

  /** Keys that have calls running. */
  get size(): number {
    return this.#lines.size;
  }

  /** Resolves with a function to call at the end. Throws LockstepError `rate_limited`. */
  async enter(key: string): Promise<() => void> {
    let line = this.#lines.get(key);
    if (!line) {
      line = { running: 0, waiting: [] };
      this.#lines.set(key, line);
    }
    // The next waiting call takes the slot.
    if (line.running >= this.options.atOnce) await this.#wait(line);
    else line.running++;
    return this.#leave(key, line);
  }

  #wait({ waiting }: Line): Promise<void> {
    const { waitMs } = this.options;
    if (waiting.length >= this.options.waiting) throw refused(waitMs);
    return new Promise((resolve, reject) => {
      const go = () => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        waiting.splice(waiting.indexOf(go), 1);
        reject(refused(waitMs));
      }, waitMs);
      waiting.push(go);
    });
  }

  #leave(key: string, line: Line): () => void {
    let left = false;
    return () => {
      if (left) return;
      left = true;
      const next = line.waiting.shift();
      if (next) next();
      else if (--line.running === 0) this.#lines.delete(key);
    };
  }
}

const refused = (retryAfterMs: number) => new LockstepError('rate_limited', undefined, { retryAfterMs });
