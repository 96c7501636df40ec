import { beforeEach, onTestFailed } from 'vitest';

// Loaded before each variant of a test file: after its first failure the rest of that file is left out.

let failed = false;
beforeEach((context) => {
  if (failed) context.skip();
  onTestFailed(() => {
    failed = true;
  });
});
