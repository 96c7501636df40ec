export * as actions from './actions/index.ts';
export type { Auth } from './auth.ts';
export type { Actor, Core, Publisher } from './context.ts';
export { type CoreParts, createCore, silentPublisher } from './core.ts';
export { errorCodeOf } from './errors.ts';
export * as queries from './queries/index.ts';
export * from './rules/can.ts';
export { type Device, Sessions, sessionFromCookie, toActor } from './session.ts';
export type { Settings } from './settings.ts';
