import type { AppRouter } from '@lockstep/api';
import { createTRPCClient, httpLink } from '@trpc/client';

/**
 * The API for what the sync engine does not do: people, directory, members, settings, signing in. One request a call:
 * nothing waits for a slower call beside it. Only the type of the router comes from the server.
 */
export const api = createTRPCClient<AppRouter>({ links: [httpLink({ url: '/api/trpc' })] });
