import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { root } from './files.mjs';
import { printFault } from './steps.mjs';

/** Counts what passes and fails. `finish` prints the summary, and as its last line `N passed, N failed`. */
export const tally = () => {
  const lines = [];
  const sum = { passed: 0, failed: 0, skipped: 0 };

  const add = (name, started, count) => {
    for (const key of Object.keys(sum)) sum[key] += count[key];
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    const skipped = count.skipped ? `, ${count.skipped} skipped` : '';
    const line = `${count.failed ? '✗' : '✓'} ${name.padEnd(20)} ${`${seconds} s`.padStart(9)}   ${count.passed} passed, ${count.failed} failed${skipped}`;
    lines.push(line);
    console.log(line);
  };

  return {
    /** A step that counts as one. */
    check: async (name, work) => {
      const started = performance.now();
      let ok = false;
      try {
        ok = await work();
      } catch (error) {
        printFault(error);
      }
      add(name, started, { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 });
    },
    /** A step whose tests count one by one. One that ended badly, or ran nothing, has failed without a failed test too. */
    suite: (name, work, read) => {
      const started = performance.now();
      const ok = work();
      const count = read();
      const empty = count.failed === 0 && (!ok || count.passed === 0);
      add(name, started, empty ? { ...count, failed: 1 } : count);
    },
    finish: () => {
      console.log(`\n${lines.join('\n')}${sum.skipped ? `\n${sum.skipped} skipped, see above why` : ''}\n`);
      console.log(`${sum.passed} passed, ${sum.failed} failed`);
      return sum.failed === 0;
    },
  };
};

const NOTHING = { passed: 0, failed: 0, skipped: 0 };

const readReport = (file) => {
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  console.error(`There is no report ${relative(root, file)}`);
  return null;
};

/** From the JSON reporter of vitest. A file that could not be loaded is a failed suite without tests. */
export const vitestCount = (file) => {
  const report = readReport(file);
  if (!report) return NOTHING;
  const broken = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
};

/** From the JSON reporter of Playwright. A flaky test counts as failed: there are no retries that could hide one. */
export const playwrightCount = (file) => {
  const report = readReport(file);
  if (!report) return NOTHING;
  const { expected, unexpected, flaky, skipped } = report.stats;
  return { passed: expected, failed: unexpected + flaky + report.errors.length, skipped };
};
