import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';

/**
 * While `work` runs, `randomUUID` of node:crypto gives these ids: the server's own ids come from the seed as well, so
 * that what is sorted by id is in the same order in each run.
 */
export const withIds = async <T>(next: () => string, work: () => Promise<T>): Promise<T> => {
  const original = crypto.randomUUID;
  crypto.randomUUID = next as typeof original;
  syncBuiltinESMExports();
  try {
    return await work();
  } finally {
    crypto.randomUUID = original;
    syncBuiltinESMExports();
  }
};
