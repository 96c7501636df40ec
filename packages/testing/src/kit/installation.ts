import { LockstepError } from '@lockstep/protocol';
import type { Calls } from '@lockstep/sync';
import { test as base } from '@playwright/test';

/**
 * Tests may run against a server that somebody else has started (`npm run e2e -- --url`). Such a server has no test
 * doors, and its limits are on.
 */
export const isInstallation = (): boolean => Boolean(process.env.LOCKSTEP_INSTALLATION);

/** Called at the top of a file: leaves all its tests out on an installation. */
export const skipOnInstallation = (reason: string): void => base.skip(isInstallation(), reason);

/** With which people sign up there; none where sign-up is open. */
export const invitationCode = (): { invitation?: string } => {
  const { LOCKSTEP_INVITATION } = process.env;
  return LOCKSTEP_INVITATION ? { invitation: LOCKSTEP_INVITATION } : {};
};

/** The page on which people sign up, with the invitation where one is needed. */
export const signUpPath = (): string => {
  const { invitation } = invitationCode();
  return invitation ? `/sign-up?invite=${encodeURIComponent(invitation)}` : '/sign-up';
};

/** Longer than the server ever asks for, in ms: a test that waits so long fails by its own timeout first. */
const MOST_MS = 600_000;

/** Waits as long as the server asks for and tries again, as often as it answers `rate_limited`. */
export const withinLimits = async <T>(call: () => Promise<T>): Promise<T> => {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      const waitMs = error instanceof LockstepError ? (error.data.retryAfterMs ?? 0) : 0;
      if (waitMs <= 0 || waitMs > MOST_MS) throw error;
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
};

/** The same for each call of these. */
export const callsWithinLimits = ({ query, mutate }: Calls): Calls => ({
  query: (name, ...given) => withinLimits(() => query(name, ...given)),
  mutate: (name, ...given) => withinLimits(() => mutate(name, ...given)),
});

/**
 * Runs in each page before anything else. The page of a test run says by this attribute that it may be looked into
 * (apps/web/lib/lab/expose.ts); where the server does not say it, our own browser does.
 */
export const markAsTested = (): void => {
  const mark = () => {
    document.documentElement?.setAttribute('data-lab', '');
    return document.documentElement !== null;
  };
  if (mark()) return;
  const observer = new MutationObserver(() => {
    if (mark()) observer.disconnect();
  });
  observer.observe(document, { childList: true });
};
