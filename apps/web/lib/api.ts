import type { AppRouter } from '@lockstep/api';
import { type ErrorData, LockstepError } from '@lockstep/protocol';
import { createTRPCClient, httpLink, TRPCClientError } from '@trpc/client';

/**
 * The API for what the sync engine does not do: people, directory, members, settings, signing in. One request a call:
 * nothing waits for a slower call beside it. Only the type of the router comes from the server.
 */
export const api = createTRPCClient<AppRouter>({ links: [httpLink({ url: '/api/trpc' })] });

/** The answer, or a rejection with LockstepError: `await call(api.conversations.join.mutate({ conversationId }))`. */
export const call = async <T>(promise: Promise<T>): Promise<T> => {
  try {
    return await promise;
  } catch (error) {
    throw toError(error);
  }
};

/** Without an answer in our format the server was not reached, or something between us answered for it. */
const toError = (error: unknown): LockstepError => {
  if (error instanceof LockstepError) return error;
  const data = error instanceof TRPCClientError ? (error.data as Partial<ErrorData> | undefined) : undefined;
  if (!data?.code) return new LockstepError('unavailable', String(error));
  const { code, ...rest } = data;
  return new LockstepError(code, (error as Error).message, rest);
};
