'use client';

import { useTranslations } from '@/i18n/use-translations.ts';
import { api } from '@/lib/api.ts';
import { PeoplePicker } from '../people/people-picker.tsx';
import { DialogContent } from '../ui/dialog.tsx';
import { FormError } from './form-error.tsx';
import { useAction } from './use-action.ts';
import { useOpened } from './use-opened.ts';

/** Choosing a person opens the conversation; choosing oneself opens one's notes. */
export function DirectDialog() {
  const t = useTranslations('shell');
  const opened = useOpened();
  const { busy, error, run } = useAction();
  return (
    <DialogContent title={t('newDirect')} description={t('newDirectText')}>
      <div className="flex min-h-0 flex-1 flex-col gap-3">
        <FormError text={error} />
        <PeoplePicker
          label={t('searchPeople')}
          autoFocus
          disabled={busy}
          onPick={(person) =>
            void run(async () => opened(await api.conversations.openDirect.mutate({ userId: person.id })))
          }
        />
      </div>
    </DialogContent>
  );
}
