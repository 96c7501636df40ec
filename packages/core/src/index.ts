export * as actions from './actions/index.ts';
export { sessionFromCookie, toActor } from './actor.ts';
export type { Auth } from './auth.ts';
export { hasToken } from './bearer.ts';
export { Bucket } from './bucket.ts';
export * from './budget.ts';
export type { Actor, Core, Publisher } from './context.ts';
export { type CoreParts, createCore, silentPublisher } from './core.ts';
export { errorCodeOf } from './errors.ts';
export { firstAdminCode, firstAdminCodeOf, isFirstAdminCode } from './first-admin.ts';
export * as lab from './lab.ts';
export { publishPeople } from './publish-people.ts';
export * as queries from './queries/index.ts';
export { editing, recalling } from './rules/change-message.ts';
export {
  hostCheck,
  isLiteralHost,
  isLoopbackHost,
  LAB_HOST,
  type OriginCheck,
  originCheck,
  originFault,
} from './rules/origin.ts';
export { type Device, Sessions } from './session.ts';
export type { Settings } from './settings.ts';
