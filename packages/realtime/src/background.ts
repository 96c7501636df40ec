/** Work that no device waits for. What has begun when the process stops is finished before the store is closed. */
export class Background {
  readonly #running = new Set<Promise<void>>();

  run(work: Promise<unknown>, onError: (error: Error) => void): void {
    const running = work.then(() => {}, onError).finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Resolves when nothing runs any more, also of what began meanwhile. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }
}
