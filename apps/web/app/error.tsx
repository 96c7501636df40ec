'use client';

import { CloudAlert } from 'lucide-react';
import { useEffect } from 'react';
import { Button } from '@/components/ui/button.tsx';
import { Notice } from '@/components/ui/notice.tsx';
import { useTranslations } from '@/i18n/use-translations.ts';
import { loadAnew } from '@/lib/update/load-anew.ts';
import { isOfMissingFile, noteMissingFile } from '@/lib/update/update.ts';

/**
 * The last error boundary: a defect in a page. Messages are in the outbox of the device and in the store, not in the
 * page.
 */
export default function ErrorPage({ error, reset }: { error: Error; reset: () => void }) {
  const t = useTranslations('common');
  useEffect(() => noteMissingFile(error), [error]);
  return (
    <main className="flex min-h-dvh flex-col bg-surface">
      <Notice icon={CloudAlert} title={t('errorTitle')} text={t('errorText')}>
        <Button variant="primary" onClick={isOfMissingFile(error) ? () => void loadAnew() : reset}>
          {t('tryAgain')}
        </Button>
      </Notice>
    </main>
  );
}
