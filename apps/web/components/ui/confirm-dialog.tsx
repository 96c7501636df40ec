'use client';

import { AlertDialog } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { Button } from './button.tsx';

interface ConfirmDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description: ReactNode;
  confirmLabel: string;
  /** Red, for what cannot be undone by oneself. */
  danger?: boolean;
  /** The dialog stays open and busy until it settles; closes unless it returns false. */
  onConfirm: () => Promise<boolean | undefined> | undefined;
}

/** Focus starts on "Cancel"; Escape cancels. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const t = useTranslations('common');
  const [busy, setBusy] = useState(false);
  const confirm = async () => {
    setBusy(true);
    try {
      if ((await props.onConfirm()) !== false) props.onOpenChange(false);
    } finally {
      setBusy(false);
    }
  };
  return (
    <AlertDialog.Root open={props.open} onOpenChange={props.onOpenChange}>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="data-[state=closed]:fade-out-0 data-[state=open]:fade-in-0 fixed inset-0 z-50 bg-scrim duration-160 data-[state=closed]:animate-out data-[state=open]:animate-in" />
        <AlertDialog.Content className="data-[state=closed]:fade-out-0 data-[state=open]:fade-in-0 data-[state=open]:zoom-in-[0.98] -translate-x-1/2 -translate-y-1/2 fixed top-1/2 left-1/2 z-50 w-[calc(100vw-2rem)] max-w-md rounded-lg bg-raised p-5 shadow-overlay outline-none duration-160 data-[state=closed]:animate-out data-[state=open]:animate-in">
          <AlertDialog.Title className="break-words font-semibold text-md">{props.title}</AlertDialog.Title>
          <AlertDialog.Description className="mt-1.5 break-words text-base text-ink-muted">
            {props.description}
          </AlertDialog.Description>
          <div className="mt-5 flex justify-end gap-2">
            <AlertDialog.Cancel asChild>
              <Button>{t('cancel')}</Button>
            </AlertDialog.Cancel>
            <Button variant={props.danger ? 'danger' : 'primary'} busy={busy} onClick={() => void confirm()}>
              {props.confirmLabel}
            </Button>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
