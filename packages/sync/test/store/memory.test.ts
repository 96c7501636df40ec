import { MemoryDisk, MemoryStore } from '../../src/store/memory.ts';
import type { StoreFixture } from './contract/fixture.ts';
import { storeContract } from './contract.ts';

storeContract('memory', async (): Promise<StoreFixture> => {
  const disk = new MemoryDisk();
  return {
    open: (options = {}) => new MemoryStore({ userId: 'me', disk, kind: 'disk', ...options }),
    // The transaction of a killed tab never begins: in memory there is no half of one.
    async crash(_, epoch, batch) {
      const killed = new MemoryStore({ userId: 'me', disk, pause: () => new Promise(() => {}) });
      void killed.write(epoch, batch);
    },
  };
});
