'use client';

import { useCallback, useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from '@/i18n/use-translations.ts';
import { errorOf } from '@/lib/error-of.ts';

interface Action {
  busy: boolean;
  /** What the last run failed with, in the person's language. */
  error: string | null;
  /** True when it went through. One at a time: a run during a run does nothing. */
  run(work: () => Promise<unknown>): Promise<boolean>;
}

/** Runs a call to the server for a dialog, and words what went wrong: in place, or as a toast. */
export const useAction = ({ toastErrors = false } = {}): Action => {
  const t = useTranslations('errors');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const run = useCallback(
    async (work: () => Promise<unknown>) => {
      setBusy(true);
      setError(null);
      try {
        await work();
        return true;
      } catch (thrown) {
        const text = t(errorOf(thrown).code);
        if (toastErrors) toast.error(text);
        else setError(text);
        return false;
      } finally {
        setBusy(false);
      }
    },
    [t, toastErrors],
  );
  return { busy, error, run };
};
