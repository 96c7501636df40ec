import { useEffect, useRef, useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from '../../../i18n/use-translations.ts';

/** Copies a text; `copied` is true for two seconds after. Says so where the browser refuses (plain http, for one). */
export const useCopy = () => {
  const t = useTranslations('conversation.message');
  const [copied, setCopied] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = async (text: string) => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => setCopied(false), 2_000);
    } catch {
      toast.error(t('copyFailed'));
    }
  };
  return { copied, copy };
};
