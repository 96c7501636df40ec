'use client';

import type { PasswordWeakness } from '@lockstep/protocol';
import { useState } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { errorOf } from '@/lib/error-of.ts';

interface Submit {
  error: string | null;
  /** Why the password was refused; shown at its field. */
  weakness: PasswordWeakness | null;
  /** True from the first attempt until the next page is loaded. */
  busy: boolean;
  submit(work: () => Promise<unknown>, wording?: Partial<Record<string, string>>): Promise<void>;
}

/** Calls, then loads `next` with a full page load, so that the session cookie applies and no earlier state remains. */
export const useSubmit = (next: string): Submit => {
  const t = useTranslations();
  const [error, setError] = useState<string | null>(null);
  const [weakness, setWeakness] = useState<PasswordWeakness | null>(null);
  const [busy, setBusy] = useState(false);
  const textOf = ({ code, retryAfterMs, expected, origin }: ReturnType<typeof errorOf>): string => {
    const seconds = Math.ceil((retryAfterMs ?? 0) / 1_000);
    if (code === 'rate_limited' && seconds > 0) return t('auth.rateLimited', { seconds });
    // The first visitor can fix it, since nobody else has an account yet.
    if (code === 'wrong_origin' && expected && origin) return t('auth.wrongOrigin', { expected, origin });
    return t(`errors.${code}`);
  };
  const submit: Submit['submit'] = async (work, wording = {}) => {
    setBusy(true);
    setError(null);
    setWeakness(null);
    try {
      await work();
      window.location.assign(next);
    } catch (thrown) {
      const failed = errorOf(thrown);
      setWeakness(failed.weakness ?? null);
      setError(wording[failed.code] ?? textOf(failed));
      setBusy(false);
    }
  };
  return { error, weakness, busy, submit };
};
