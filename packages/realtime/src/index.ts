export { createRealtime, type Realtime } from './server.ts';
export type { RealtimeDeps, Timing } from './types.ts';
