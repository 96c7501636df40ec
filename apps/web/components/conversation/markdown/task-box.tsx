'use client';

import { useTranslations } from '../../../i18n/use-translations.ts';

/** `[ ]` or `[x]` at the beginning of an item. It is text: nobody can tick it. */
export const TaskBox = ({ done }: { done: boolean }) => {
  const t = useTranslations('conversation.task');
  return (
    <input
      type="checkbox"
      checked={done}
      readOnly
      disabled
      tabIndex={-1}
      aria-label={done ? t('done') : t('open')}
    />
  );
};
