'use client';

import { Button } from '@/components/ui/button.tsx';
import { useTranslations } from '@/i18n/use-translations.ts';
import { loadAnew } from '@/lib/update/load-anew.ts';
import { isNewerThere, useUpdate } from '@/lib/update/update.ts';

/** Stands for what a newer version says and this one does not know. It is kept, and shown after the update. */
export function UpdateToSee() {
  const t = useTranslations('common');
  const isNewer = isNewerThere(useUpdate());
  return (
    <span data-testid="update-to-see" className="text-ink-subtle italic">
      {t('updateToSee')}
      {isNewer && (
        <Button variant="link" size="inline" className="ml-2 not-italic" onClick={() => void loadAnew()}>
          {t('updateNow')}
        </Button>
      )}
    </span>
  );
}
