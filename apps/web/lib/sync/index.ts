export type { Engine, MessageChange, OutboxItem, SyncState } from '@lockstep/sync';
export * from './hooks.ts';
export { SyncProvider, useEngine, useEngineIfAny, useMe } from './provider.tsx';
