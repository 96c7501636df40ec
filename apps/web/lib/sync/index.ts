export type {
  Connection,
  DraftState,
  EndedBecause,
  Engine,
  MessageChange,
  OutboxItem,
  SyncState,
  TimelineState,
  Typing,
} from '@lockstep/sync';
export * from './hooks.ts';
export { SyncProvider, useEngine, useEngineIfAny, useMe } from './provider.tsx';
