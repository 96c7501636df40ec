import { useCallback } from 'react';
import { toast } from 'sonner';
import { useTranslations } from '@/i18n/use-translations.ts';

/** Puts a text on the clipboard and says so in the words of `done`. */
export const useCopyText = (): ((text: string, done: string) => void) => {
  const t = useTranslations('conversation.message');
  return useCallback(
    (text, done) =>
      void navigator.clipboard.writeText(text).then(
        () => toast.success(done),
        () => toast.error(t('copyFailed')),
      ),
    [t],
  );
};
