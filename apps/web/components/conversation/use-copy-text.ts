import { useTranslations } from 'next-intl';
import { useCallback } from 'react';
import { toast } from 'sonner';

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
