import type { inferRouterInputs, inferRouterOutputs } from '@trpc/server';
import { adminRouter } from './routers/admin.ts';
import { authRouter } from './routers/auth.ts';
import { conversationsRouter } from './routers/conversations.ts';
import { devicesRouter } from './routers/devices.ts';
import { messagesRouter } from './routers/messages.ts';
import { meRouter, peopleRouter } from './routers/people.ts';
import { searchRouter } from './routers/search.ts';
import { searchesRouter } from './routers/searches.ts';
import { syncRouter } from './routers/sync.ts';
import { invitationsRouter, workspaceRouter } from './routers/workspace.ts';
import { router } from './trpc.ts';

/** Every door of the API. A new one is not open before it is on the list of test/permissions.test.ts. */
export const appRouter = router({
  admin: adminRouter,
  auth: authRouter,
  workspace: workspaceRouter,
  invitations: invitationsRouter,
  me: meRouter,
  people: peopleRouter,
  messages: messagesRouter,
  search: searchRouter,
  searches: searchesRouter,
  sync: syncRouter,
  conversations: conversationsRouter,
  devices: devicesRouter,
});

export type AppRouter = typeof appRouter;
export type RouterInputs = inferRouterInputs<AppRouter>;
export type RouterOutputs = inferRouterOutputs<AppRouter>;
