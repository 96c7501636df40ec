// The disk store is not exported here, so that Dexie is loaded only by importers of `@lockstep/sync/store/disk`.
export { MAX_MESSAGES } from './eviction.ts';
export { MemoryDisk, MemoryStore, type MemoryStoreOptions } from './memory.ts';
export * from './port.ts';
