import type { Me, WorkspaceStatus } from '@lockstep/protocol';
import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { cache } from 'react';

/** What pages may use of their server process: main.ts provides its backend here. Pages import no other server code. */
interface PageBackend {
  /** The person behind a Cookie header; null without a live session. */
  me(cookieHeader: string | undefined): Promise<Me | null>;
  status(): Promise<WorkspaceStatus>;
  /** Whether a link to set a password can be used. */
  isResetCode(code: string): Promise<boolean>;
  /** A development or test run. */
  lab: boolean;
}

const backend = (): PageBackend => {
  const { lockstep } = globalThis as { lockstep?: PageBackend };
  if (!lockstep) throw new Error('globalThis.lockstep is missing: start the app with server/main.ts');
  return lockstep;
};

/** Once per request, however many layouts and pages ask. */
export const currentMe = cache(async (): Promise<Me | null> => {
  return backend().me((await headers()).get('cookie') ?? undefined);
});

/** Whether the request comes from the server's own machine (main.ts). */
export const isLocalRequest = async (): Promise<boolean> => (await headers()).get('x-local') === '1';

export const workspaceStatus = cache((): Promise<WorkspaceStatus> => backend().status());

export const isResetCode = (code: string): Promise<boolean> => backend().isResetCode(code);

/** Whether tests may inspect pages and the Device Lab exists: never in production. */
export const isLab = (): boolean => backend().lab;

/** The signed-in person; anybody else is sent to sign in and comes back to `path`. */
export const requireMe = async (path: string): Promise<Me> => {
  const me = await currentMe();
  if (me) return me;
  const { ready } = await workspaceStatus();
  const query = path === '/' ? '' : `?next=${encodeURIComponent(path)}`;
  redirect(ready ? `/sign-in${query}` : '/sign-up');
};
