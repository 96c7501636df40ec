'use client';

import { useEffect } from 'react';
import { toast } from 'sonner';
import { useTranslations } from '@/i18n/use-translations.ts';

/**
 * Keeps a dropped or pasted file from making the browser leave the app, and shows a notice until files can be sent.
 * Text is left alone, also where a picture of it comes along (office programs).
 */
export function FileDrop() {
  const t = useTranslations('conversation.composer');
  useEffect(() => {
    const refuse = () => void toast(t('noFiles'), { id: 'no-files' });
    const over = (event: DragEvent) => {
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      if (event.dataTransfer) event.dataTransfer.dropEffect = 'copy';
    };
    const drop = (event: DragEvent) => {
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      refuse();
    };
    const paste = (event: ClipboardEvent) => {
      const data = event.clipboardData;
      if (!data || !hasFiles(data) || hasText(data)) return;
      event.preventDefault();
      refuse();
    };
    window.addEventListener('dragover', over);
    window.addEventListener('drop', drop);
    window.addEventListener('paste', paste);
    return () => {
      window.removeEventListener('dragover', over);
      window.removeEventListener('drop', drop);
      window.removeEventListener('paste', paste);
    };
  }, [t]);
  return null;
}

const hasFiles = (data: DataTransfer | null): boolean => data?.types.includes('Files') === true;

/** A text that came with the files, other than their names or paths, which some systems put beside them. */
const hasText = (data: DataTransfer): boolean => {
  const names = [...data.files].map(({ name }) => name);
  const lines = data.getData('text/plain').split(/[\r\n]+/);
  return lines.some((line) => line.trim() !== '' && !names.some((name) => line.trim().endsWith(name)));
};
