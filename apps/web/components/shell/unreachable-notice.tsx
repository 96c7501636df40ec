'use client';

import { WifiOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';

/** A server that comes back is found within this, in ms. */
const RETRY_MS = 5_000;

/** The server cannot be reached and nobody is known on this device: there is nothing of anyone's to show. */
export function UnreachableNotice({ onRetry }: { onRetry: () => Promise<void> }) {
  const t = useTranslations('shell');
  const common = useTranslations('common');
  const [busy, setBusy] = useState(false);
  const retry = async () => {
    setBusy(true);
    await onRetry();
    setBusy(false);
  };
  useEffect(() => {
    const again = () => void onRetry();
    const timer = setInterval(again, RETRY_MS);
    window.addEventListener('online', again);
    return () => {
      clearInterval(timer);
      window.removeEventListener('online', again);
    };
  }, [onRetry]);
  return (
    <main className="flex min-h-dvh flex-col bg-surface">
      <Notice icon={WifiOff} title={t('unreachableTitle')} text={t('unreachableText')}>
        <Button variant="primary" busy={busy} onClick={() => void retry()}>
          {common('tryAgain')}
        </Button>
      </Notice>
    </main>
  );
}
