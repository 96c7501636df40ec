import { workspaceStatus } from '@lockstep/db';
import type { WorkspaceStatus } from '@lockstep/protocol';
import type { Core } from '../context.ts';

/** What anyone may see before signing in. */
export const getWorkspaceStatus = (core: Core): Promise<WorkspaceStatus> =>
  workspaceStatus(core.db, core.settings.SIGN_UP);
