'use client';

import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { errorOf } from '@/lib/error-of.ts';

interface Submit {
  error: string | null;
  /** From the first attempt until the next page is here. */
  busy: boolean;
  submit(work: () => Promise<unknown>, wording?: Partial<Record<string, string>>): Promise<void>;
}

/** Calls, then loads `next` anew: the session cookie is there and nothing of the page before is kept. */
export const useSubmit = (next: string): Submit => {
  const t = useTranslations();
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const submit: Submit['submit'] = async (work, wording = {}) => {
    setBusy(true);
    setError(null);
    try {
      await work();
      window.location.assign(next);
    } catch (thrown) {
      const { code, retryAfterMs } = errorOf(thrown);
      const seconds = Math.ceil((retryAfterMs ?? 0) / 1_000);
      setError(
        wording[code] ??
          (code === 'rate_limited' && seconds > 0 ? t('auth.rateLimited', { seconds }) : t(`errors.${code}`)),
      );
      setBusy(false);
    }
  };
  return { error, busy, submit };
};
