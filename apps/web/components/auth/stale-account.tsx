'use client';

import { useEffect } from 'react';
import { readAccount } from '@/lib/account.ts';
import { api } from '@/lib/api.ts';
import { errorOf } from '@/lib/error-of.ts';
import { finishWipes, wipeAccount } from '@/lib/leave.ts';

/**
 * At the door: a device that was signed out from another one while it was closed wipes what it still holds, and says so.
 * One whose session ran out keeps it for when its person is back.
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
