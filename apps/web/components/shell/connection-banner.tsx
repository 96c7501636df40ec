'use client';

import { LoaderCircle, LogIn, WifiOff } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { useMe } from '@/lib/me.tsx';
import { usePath } from '@/lib/path.ts';
import { useEngine, useSync } from '@/lib/sync/index.ts';
import { Button } from '../ui/button.tsx';

/** "Connecting" is shown only when it lasts: most reconnects are over before anyone could read it. */
const SHOW_AFTER_MS = 1_500;

export function ConnectionBanner() {
  const t = useTranslations('shell');
  const engine = useEngine();
  const connection = useSync((state) => state.connection);
  const blocked = useSync((state) => state.blocked);
  const { me } = useMe();
  const errors = useTranslations('errors');
  const caughtUp = useSync((state) => state.caughtUp);
  const path = usePath();
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    setSlow(false);
    if (connection !== 'connecting') return;
    const timer = setTimeout(() => setSlow(true), SHOW_AFTER_MS);
    return () => clearTimeout(timer);
  }, [connection]);

  const content =
    // Said by UpdateWatch.
    blocked === 'version' ? null : connection === 'offline' ? (
      <>
        <WifiOff aria-hidden className="size-4 shrink-0" />
        <span className="min-w-0">
          {blocked === 'origin'
            ? errors('wrong_origin')
            : blocked === 'sockets'
              ? t(me.role === 'admin' ? 'socketsBlockedAdmin' : 'socketsBlocked')
              : t('offline')}
        </span>
        <Button variant="link" size="inline" className="text-inherit underline" onClick={() => engine.wake()}>
          {t('connectNow')}
        </Button>
      </>
    ) : connection === 'ended' ? (
      <>
        <LogIn aria-hidden className="size-4 shrink-0" />
        <span className="min-w-0">{t('ended')}</span>
        <Button asChild variant="link" size="inline" className="text-inherit underline">
          <a href={`/sign-in?ended=expired&next=${encodeURIComponent(path)}`}>{t('signInAgain')}</a>
        </Button>
      </>
    ) : connection === 'connecting' && slow && caughtUp ? (
      <>
        <LoaderCircle aria-hidden className="size-4 shrink-0 animate-spin" />
        <span>{t('connecting')}</span>
      </>
    ) : null;
  return (
    <div role="status" data-connection={connection} className="max-md:px-safe">
      {content && (
        <div className="flex min-h-9 items-center justify-center gap-2 border-line border-b bg-warning-soft px-4 py-1.5 font-medium text-sm text-warning-ink max-md:pt-[max(0.375rem,env(safe-area-inset-top))]">
          {content}
        </div>
      )}
    </div>
  );
}
