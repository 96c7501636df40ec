export { API_PATH, type ApiOptions, BATCH_SIZE, createApiHandler } from './handler.ts';
export { type AppRouter, appRouter, type RouterInputs, type RouterOutputs } from './router.ts';
