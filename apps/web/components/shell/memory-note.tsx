'use client';

import { Info, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { useSync } from '@/lib/sync/index.ts';
import { Button } from '../ui/button.tsx';

/** Said once a page: the browser gives no disk, so that what is not sent yet ends with the tab. */
export function MemoryNote() {
  const t = useTranslations('shell');
  const common = useTranslations('common');
  const inMemory = useSync((state) => state.loaded && state.storage === 'memory');
  const [closed, setClosed] = useState(false);
  if (!inMemory || closed) return null;
  return (
    <div
      role="note"
      data-testid="memory-note"
      className="flex min-h-9 items-center gap-2 border-line border-b bg-sunken px-4 py-1 text-ink-muted text-sm"
    >
      <Info aria-hidden className="size-4 shrink-0" />
      <p className="min-w-0 flex-1">{t('memoryOnly')}</p>
      <Button variant="ghost" size="icon-sm" aria-label={common('close')} onClick={() => setClosed(true)}>
        <X aria-hidden className="size-4" />
      </Button>
    </div>
  );
}
