'use client';

import { useRef } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { useDialogs } from '@/lib/dialogs.tsx';
import { unsentOf, useSync } from '@/lib/sync/index.ts';
import { useSignOut } from '@/lib/use-sign-out.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';

/** Asks before what is not sent yet is lost by signing out. */
export function SignOutDialog() {
  const t = useTranslations('shell');
  const { current, hide } = useDialogs();
  const signOut = useSignOut();
  const unsent = useSync((state) => unsentOf(state).length);
  const open = current?.type === 'signOut';
  // The words stay while the dialog closes.
  const count = useRef(unsent);
  if (open) count.current = unsent;
  return (
    <ConfirmDialog
      open={open}
      onOpenChange={(next) => !next && hide()}
      danger
      title={t('signOutTitle', { count: count.current })}
      description={t('signOutText')}
      confirmLabel={t('signOutConfirm')}
      onConfirm={() => signOut().then(() => undefined)}
    />
  );
}
