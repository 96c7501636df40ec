'use client';

import { useEffect } from 'react';
import { toast } from 'sonner';
import { useTranslations } from '@/i18n/use-translations.ts';
import { startWorker } from '@/lib/pwa/register.ts';
import { noteUpdate } from '@/lib/update/update.ts';

/** Keeps the service worker, and says quietly when a new build is ready. Not in development: nothing may be kept there. */
export function WorkerUpdates() {
  const t = useTranslations('common');
  useEffect(() => {
    if (process.env.NODE_ENV !== 'production') return;
    return startWorker((take) => {
      noteUpdate({ isReady: true });
      toast(t('updateReady'), {
        id: 'update',
        duration: Number.POSITIVE_INFINITY,
        // Away from the composer, which is at the bottom.
        position: 'top-center',
        action: { label: t('updateNow'), onClick: take },
      });
    });
  }, [t]);
  return null;
}
