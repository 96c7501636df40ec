'use client';

import { useEffect } from 'react';
import { toast } from 'sonner';
import { useTranslations } from '@/i18n/use-translations.ts';
import { loadAnew, tryLoadAnew } from '@/lib/update/load-anew.ts';
import { noteMissingFile, noteUpdate, useUpdate } from '@/lib/update/update.ts';

/** Between two looks for a quiet moment, and after an attempt that did not help, in ms. */
const QUIET_MS = 1_000;
const AGAIN_MS = 15_000;

/**
 * A page whose version the server does not serve, or of whose build a file is gone, loads itself anew in a quiet moment;
 * until then, and where that does not help, it says so and leaves it to its person.
 */
export function UpdateWatch() {
  const t = useTranslations('common');
  const errors = useTranslations('errors');
  const { isServed, isFileMissing } = useUpdate();

  useEffect(() => {
    const rejected = ({ reason }: PromiseRejectionEvent) => noteMissingFile(reason);
    window.addEventListener('unhandledrejection', rejected);
    return () => window.removeEventListener('unhandledrejection', rejected);
  }, []);

  useEffect(() => {
    if (isServed && !isFileMissing) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;
    const attempt = async () => {
      const why = await tryLoadAnew();
      if (isOver) return;
      // Only the network was to blame, and who asked for the file says so.
      if (isServed && (why === 'same' || why === 'unreachable')) return noteUpdate({ isFileMissing: false });
      toast(errors('version_not_served'), {
        id: 'load-anew',
        duration: Number.POSITIVE_INFINITY,
        dismissible: false,
        position: 'top-center',
        action: { label: t('updateNow'), onClick: () => void loadAnew() },
      });
      timer = setTimeout(attempt, why === 'busy' ? QUIET_MS : AGAIN_MS);
    };
    void attempt();
    return () => {
      isOver = true;
      clearTimeout(timer);
      toast.dismiss('load-anew');
    };
  }, [isServed, isFileMissing, t, errors]);
  return null;
}
