'use client';

import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from '@/i18n/use-translations.ts';
import { Button, type ButtonProps } from './button.tsx';

/** Copies a text and says so for two seconds. */
export function CopyButton({ text, ...props }: ButtonProps & { text: string }) {
  const t = useTranslations('common');
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2_000);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      toast.error(t('copyFailed')); // plain http on another host than localhost has no clipboard
    }
  };
  const Icon = copied ? Check : Copy;
  return (
    <Button {...props} onClick={() => void copy()}>
      <Icon aria-hidden className="size-4" />
      <span aria-live="polite">{copied ? t('copied') : t('copy')}</span>
    </Button>
  );
}
