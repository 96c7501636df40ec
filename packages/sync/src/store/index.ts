// Not the disk: who uses it imports `@lockstep/sync/store/disk`, and only then brings Dexie along.
export { MAX_MESSAGES } from './eviction.ts';
export { MemoryDisk, MemoryStore, type MemoryStoreOptions } from './memory.ts';
export * from './port.ts';
