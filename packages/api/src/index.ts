export { canonicalAddress, clientAddress, limitKey } from './address.ts';
export { API_PATH, type ApiHandler, type ApiOptions, BATCH_SIZE, createApiHandler } from './handler.ts';
export { isFromThisMachine, isLocalRequest } from './local-request.ts';
export { noRateLimits, rateLimits } from './rate-limits.ts';
export { type AppRouter, appRouter, type RouterInputs, type RouterOutputs } from './router.ts';
