'use client';

import { CloudAlert } from 'lucide-react';
import { Button } from '@/components/ui/button.tsx';
import { Notice } from '@/components/ui/notice.tsx';
import { useTranslations } from '@/i18n/use-translations.ts';

/** A chunk of a build that the server has replaced, in a browser without the service worker: only reloading helps. */
const isOfAnotherBuild = ({ name, message }: Error) =>
  /ChunkLoadError|load chunk/i.test(`${name} ${message}`);

/**
 * The last error boundary: a defect in a page. Messages are in the outbox of the device and in the store, not in the
 * page.
 */
export default function ErrorPage({ error, reset }: { error: Error; reset: () => void }) {
  const t = useTranslations('common');
  return (
    <main className="flex min-h-dvh flex-col bg-surface">
      <Notice icon={CloudAlert} title={t('errorTitle')} text={t('errorText')}>
        <Button variant="primary" onClick={isOfAnotherBuild(error) ? () => window.location.reload() : reset}>
          {t('tryAgain')}
        </Button>
      </Notice>
    </main>
  );
}
