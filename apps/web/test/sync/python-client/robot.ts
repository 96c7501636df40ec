import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { DigestRange, InboxEntry } from '@lockstep/protocol';

export const hasPython = spawnSync('python3', ['--version']).status === 0;

/** Where the client in Python is (docs/examples/python). */
export const FOLDER = fileURLToPath(new URL('../../../../../docs/examples/python/', import.meta.url));

export interface Rest {
  overall: string;
  conversations: Record<string, string>;
  ranges: (DigestRange & { digest: string })[];
  /** Writes, drafts, entries and timelines that it could not settle: none. */
  waits: number[];
  /** Codes of what was refused for good. */
  failed: string[];
  /** What the network did to it, and how often. */
  weather: Record<string, number>;
  entries: Record<string, InboxEntry>;
}

/** The client in Python in a process of its own, with its bad network. One order at a time. */
export class Robot {
  readonly #child: ChildProcess;
  readonly #answers: AsyncIterator<string>;
  #errors = '';

  constructor() {
    this.#child = spawn('python3', ['-B', `${FOLDER}robot.py`], { stdio: ['pipe', 'pipe', 'pipe'] });
    const { stdout, stderr } = this.#child;
    if (!stdout || !stderr) throw new Error('no pipes');
    stderr.on('data', (part) => {
      this.#errors += part;
    });
    this.#answers = createInterface({ input: stdout })[Symbol.asyncIterator]();
  }

  begin(order: {
    url: string;
    email: string;
    password: string;
    seed: number;
    path: string;
  }): Promise<object> {
    return this.#ask(order);
  }

  /** Does that many things. */
  run(count: number): Promise<object> {
    return this.#ask({ run: count });
  }

  /** On a good network, until nothing waits. */
  settle(): Promise<Rest> {
    return this.#ask({ settle: true });
  }

  async #ask<T>(order: object): Promise<T> {
    this.#child.stdin?.write(`${JSON.stringify(order)}\n`);
    const { value, done } = await this.#answers.next();
    if (done) throw new Error(`the client in Python has ended: ${this.#errors}`);
    return JSON.parse(value) as T;
  }

  async end(): Promise<void> {
    this.#child.stdin?.end();
    if (this.#child.exitCode === null) await once(this.#child, 'exit');
  }
}
