'use client';

import { useEffect } from 'react';
import { readAccount } from '@/lib/account.ts';
import { api } from '@/lib/api.ts';
import { finishWipes, wipeAccount } from '@/lib/end-session.ts';
import { errorOf } from '@/lib/error-of.ts';

/**
 * On the sign-in page: a device that was revoked while closed wipes its data and says so. A device whose session
 * expired keeps its data until the user returns.
 */
export function StaleAccount() {
  useEffect(() => {
    const clean = async () => {
      await finishWipes();
      const account = readAccount();
      if (!account) return;
      const ended = await api.me.get.query().then(
        () => undefined,
        (error) => errorOf(error).ended,
      );
      if (ended !== 'revoked') return;
      await wipeAccount(account.id);
      window.location.replace('/sign-in?ended=revoked');
    };
    void clean();
  }, []);
  return null;
}
