export type { Engine, OutboxItem } from '@lockstep/sync';
export * from './hooks.ts';
export { SyncProvider, useEngine, useEngineIfAny, useMe } from './provider.tsx';
