import { defineConfig } from 'vitest/config';
import { testFiles } from './scripts/lib/test-files.ts';

const { unit, integration } = testFiles();
const patience = { testTimeout: 60_000, hookTimeout: 60_000 };

/** `unit` needs nothing but Node and is part of `npm run check`; `integration` gets one Postgres for the whole run. */
export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      { test: { name: 'unit', include: unit, ...patience } },
      {
        test: {
          name: 'integration',
          include: integration,
          globalSetup: ['packages/testing/src/cluster.ts'],
          ...patience,
        },
      },
    ],
  },
});
