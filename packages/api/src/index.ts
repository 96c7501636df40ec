export { API_PATH } from '@lockstep/protocol';
export { canonicalAddress, clientAddress, limitKey } from './address.ts';
export { type ApiHandler, type ApiOptions, BATCH_SIZE, createApiHandler } from './handler.ts';
export { type Handlers, handlers, type SignedIn } from './handlers/index.ts';
export { isFromThisMachine, isLocalRequest } from './local-request.ts';
export { BUDGETS, noRateLimits, rateLimits } from './rate-limits.ts';
export { PROCEDURES } from './router.ts';
