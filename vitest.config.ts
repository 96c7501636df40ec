import { defineConfig } from 'vitest/config';
import { testFiles } from './scripts/lib/test-files.ts';

const { unit, integration } = testFiles();
/** No test is decided by how fast the machine is, and none passes without having looked at anything. */
const every = {
  testTimeout: 60_000,
  hookTimeout: 60_000,
  expect: { poll: { timeout: 30_000 }, requireAssertions: true },
  // Files that run in one process share what they import, which took a third of the time: no test keeps state in a module.
  isolate: false,
};

/** `unit` needs nothing but Node and is part of `npm run check`; `integration` gets one Postgres for the whole run. */
export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      { test: { name: 'unit', include: unit, ...every } },
      {
        test: {
          name: 'integration',
          include: integration,
          globalSetup: ['packages/testing/src/cluster.ts'],
          ...every,
        },
      },
    ],
  },
});
