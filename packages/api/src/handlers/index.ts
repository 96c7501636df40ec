import { admin } from './admin.ts';
import { auth } from './auth.ts';
import { conversations } from './conversations.ts';
import { devices } from './devices.ts';
import { messages } from './messages.ts';
import { me, people } from './people.ts';
import { search, searches } from './search.ts';
import { sync } from './sync.ts';
import type { Handlers } from './types.ts';
import { invitations, workspace } from './workspace.ts';

export type { Handlers, SignedIn } from './types.ts';

export const handlers: Handlers = {
  admin,
  auth,
  conversations,
  devices,
  invitations,
  me,
  messages,
  people,
  search,
  searches,
  sync,
  workspace,
};
