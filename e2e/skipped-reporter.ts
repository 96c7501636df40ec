import { basename } from 'node:path';
import type { FullConfig, Reporter, Suite } from '@playwright/test/reporter';

/** Prints at the end what was left out, by its reason. */
export default class SkippedReporter implements Reporter {
  #suite: Suite | undefined;

  onBegin(_config: FullConfig, suite: Suite): void {
    this.#suite = suite;
  }

  onEnd(): void {
    const byReason = new Map<string, string[]>();
    for (const test of this.#suite?.allTests() ?? []) {
      if (test.outcome() !== 'skipped') continue;
      const notes = [...test.annotations, ...test.results.flatMap(({ annotations }) => annotations)];
      const reason = notes.find(({ type }) => type === 'skip')?.description ?? 'it was not run';
      const line = `  ${basename(test.location.file)}: ${test.title}`;
      byReason.set(reason, [...(byReason.get(reason) ?? []), line]);
    }
    for (const [reason, lines] of byReason) console.log([`\nLeft out, as ${reason}:`, ...lines].join('\n'));
  }
}
