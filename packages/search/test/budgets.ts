import { Budget } from '@lockstep/db';
import { EXPORT_LIMITS } from '../src/index.ts';

/** A budget that ends after so many items of work: what is cut must not depend on how fast the machine is. */
export class ShortBudget extends Budget {
  #left: number;

  constructor(readonly items: number) {
    super(EXPORT_LIMITS);
    this.#left = items;
  }

  override get isOver(): boolean {
    return this.#left <= 0;
  }

  /** Each part has the same number of items. */
  override part(): Budget {
    const part = new ShortBudget(this.items);
    const cut = part.cut.bind(part);
    part.cut = () => {
      cut();
      this.cut();
    };
    return part;
  }

  override async each<T>(items: Iterable<T>, work: (item: T) => void): Promise<boolean> {
    for (const item of items) {
      if (this.isOver) {
        this.cut();
        return false;
      }
      this.#left--;
      work(item);
    }
    return true;
  }
}

/** Counts the items of work, of its parts too. */
export class CountedBudget extends Budget {
  items = 0;

  override part(share: number): Budget {
    const part = super.part(share);
    const each = part.each.bind(part);
    part.each = (items, work) => each(items, this.#counting(work));
    return part;
  }

  override each<T>(items: Iterable<T>, work: (item: T) => void): Promise<boolean> {
    return super.each(items, this.#counting(work));
  }

  #counting<T>(work: (item: T) => void): (item: T) => void {
    return (item) => {
      this.items++;
      work(item);
    };
  }
}
