'use client';

import { useTranslations } from 'next-intl';
import { useCallback } from 'react';
import { toast } from 'sonner';
import { api } from '@/lib/api.ts';
import { errorOf } from '@/lib/error-of.ts';
import { useEngine } from '@/lib/sync/index.ts';
import { leave } from './session-end.tsx';

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
    await leave(engine, '/sign-in');
  }, [engine, errors]);
};
