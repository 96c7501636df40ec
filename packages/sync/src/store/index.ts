export { MAX_MESSAGES } from './eviction.ts';
export { MemoryDisk, MemoryStore, type MemoryStoreOptions } from './memory.ts';
export * from './port.ts';
