'use client';

import { useCallback } from 'react';
import { toast } from 'sonner';
import { useTranslations } from '@/i18n/use-translations.ts';
import { api } from './api.ts';
import { useDialogs } from './dialogs.tsx';
import { endSession } from './end-session.ts';
import { errorOf } from './error-of.ts';
import { unsentOf, useEngine } from './sync/index.ts';

/** Ends the session of this device and wipes it. Needs the server: the cookie is out of reach of a page. */
export const useSignOut = (): (() => Promise<void>) => {
  const errors = useTranslations('errors');
  const engine = useEngine();
  return useCallback(async () => {
    try {
      await api.auth.signOut.mutate();
    } catch (error) {
      const { code } = errorOf(error);
      if (code !== 'unauthenticated') return void toast.error(errors(code));
    }
    await endSession(engine, '/sign-in');
  }, [engine, errors]);
};

/** The same by a command: asks first when something is not sent yet. */
export const useAskSignOut = (): (() => void) => {
  const engine = useEngine();
  const { show } = useDialogs();
  const signOut = useSignOut();
  return useCallback(() => {
    if (unsentOf(engine.getState()).length > 0) show({ type: 'signOut' });
    else void signOut();
  }, [engine, show, signOut]);
};
