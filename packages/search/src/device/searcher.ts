import type { Message, SearchHit } from '@lockstep/protocol';
import type { Plan } from '../query/plan.ts';
import { DeviceIndex } from './message-index.ts';

/** Hits of the first answer, unless it takes longer than a slice to find these. */
const FIRST = 50;
/** Hits at most. */
const MAX_HITS = 1_000;
/** Another query may come in after this long, in ms. */
const SLICE_MS = 12;

/** The messages that a device holds on its disk. */
interface HeldSource {
  /** Brings what is held now of each conversation that has changed since the last time. Rejects where it cannot be read. */
  refresh(take: (conversationId: string, messages: readonly Message[]) => void): Promise<void>;
}

/** All that is found so far, newest first; replaces the answer before. */
export interface DeviceAnswer {
  run: number;
  hits: SearchHit[];
  /** The last answer to this query. */
  done: boolean;
}

/** Answers from memory immediately, then checks the disk for changes and answers again if there are any. */
export class DeviceSearcher {
  readonly index = new DeviceIndex();
  #run = 0;
  #changes = 0;
  #reading: Promise<void> | null = null;

  constructor(
    readonly source: HeldSource,
    readonly answer: (answer: DeviceAnswer) => void,
  ) {}

  /** Reads what has changed on the disk. Never rejects: without a disk nothing is found. */
  refresh(): Promise<void> {
    this.#reading ??= this.source
      .refresh((conversationId, messages) => {
        this.#changes++;
        this.index.replace(conversationId, messages);
      })
      .catch(() => {})
      .finally(() => {
        this.#reading = null;
      });
    return this.#reading;
  }

  /** A newer query cancels it without a further answer. */
  async search(run: number, plan: Plan): Promise<void> {
    this.#run = run;
    const before = this.#changes;
    if (!(await this.#scan(run, plan, false))) return;
    await this.refresh();
    if (this.#run === run) await this.#scan(run, plan, true, before === this.#changes);
  }

  #found: SearchHit[] = [];

  /** Whether it came to its end. `same`: nothing has changed since the last scan, whose hits still hold. */
  async #scan(run: number, plan: Plan, done: boolean, same = false): Promise<boolean> {
    if (same) {
      this.answer({ run, hits: this.#found, done });
      return true;
    }
    const hits: SearchHit[] = [];
    let since = performance.now();
    let answered = false;
    const first = () => {
      answered = true;
      this.answer({ run, hits: hits.slice(), done: false });
    };
    for (const hit of this.index.search(plan)) {
      if (hit && hits.push(hit) === FIRST && !answered) first();
      if (hits.length === MAX_HITS) break;
      if (performance.now() - since < SLICE_MS) continue;
      if (hits.length > 0 && !answered) first();
      await new Promise((next) => setTimeout(next));
      if (this.#run !== run) return false;
      since = performance.now();
    }
    this.#found = hits;
    this.answer({ run, hits, done });
    return true;
  }
}
