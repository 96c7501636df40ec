import { IDBFactory, IDBKeyRange } from 'fake-indexeddb';
import { DiskStore } from '../../src/store/disk.ts';
import type { StoreFixture } from './contract/fixture.ts';
import { storeContract } from './contract.ts';

const makeStore = async (): Promise<StoreFixture> => {
  const idb = { indexedDB: new IDBFactory(), IDBKeyRange };
  return {
    open: (options = {}) => new DiskStore({ userId: 'me', idb, ...options }),
    async crash(store, epoch, batch) {
      // What cannot be stored ends the transaction after the rest of the batch has been written.
      const poison = { ...batch.messages?.at(-1), body: () => {} } as never;
      const messages = [...(batch.messages ?? []).slice(0, -1), poison];
      await store.write(epoch, { ...batch, messages }).then(
        () => {
          throw new Error('it was to fail');
        },
        () => {},
      );
    },
  };
};

storeContract('disk', makeStore, 15);
