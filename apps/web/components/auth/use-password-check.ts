'use client';

import { codePoints, LIMITS, type PasswordWeakness } from '@lockstep/protocol';
import { useEffect, useState } from 'react';
import { api } from '@/lib/api.ts';

/** Debounce of typing, in ms. */
const DEBOUNCE_MS = 300;

type PasswordVerdict = 'good' | PasswordWeakness | null;

/** The server's verdict on a new password while it is typed; null while it is too short or unknown. */
export const usePasswordCheck = (
  password: string,
  { name, email }: { name: string; email: string },
): PasswordVerdict => {
  const [state, setState] = useState<{ of: string; verdict: PasswordVerdict }>({ of: '', verdict: null });
  const isLong = password.length >= LIMITS.passwordMin && password.length <= LIMITS.passwordMax;
  useEffect(() => {
    if (!isLong) return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      const input = { password, name: cut(name, LIMITS.personName), email: cut(email, LIMITS.email) };
      api.auth.checkPassword.mutate(input, { signal: abort.signal }).then(
        ({ weakness }) => !abort.signal.aborted && setState({ of: password, verdict: weakness ?? 'good' }),
        () => {}, // the form says it when it is sent
      );
    }, DEBOUNCE_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [password, isLong, name, email]);
  return isLong && state.of === password ? state.verdict : null;
};

const cut = (text: string, max: number) => (codePoints(text) > max ? [...text].slice(0, max).join('') : text);
