'use client';

import { Smile } from 'lucide-react';
import { lazy, memo, Suspense, useState } from 'react';
import { IconButton } from '@/components/ui/icon-button.tsx';
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover.tsx';
import { useTranslations } from '@/i18n/use-translations.ts';

const EmojiPicker = lazy(() => import('./emoji-picker.tsx'));

export const EmojiButton = memo(function EmojiButton({ onPick }: { onPick: (emoji: string) => void }) {
  const t = useTranslations('conversation.composer');
  const [open, setOpen] = useState(false);
  const [picked, setPicked] = useState(false);
  return (
    <Popover
      open={open}
      onOpenChange={(next) => {
        setOpen(next);
        setPicked(false);
      }}
    >
      <PopoverTrigger asChild>
        <IconButton label={t('emoji')} side="top">
          <Smile aria-hidden className="size-4.5" />
        </IconButton>
      </PopoverTrigger>
      <PopoverContent
        side="top"
        align="start"
        aria-label={t('emoji')}
        className="min-h-88 w-[20.25rem] max-w-[calc(100vw-1rem)] overflow-hidden"
        // After a choice the focus is in the text already.
        onCloseAutoFocus={(event) => picked && event.preventDefault()}
      >
        <Suspense fallback={<div className="h-88" />}>
          <EmojiPicker
            onPick={(emoji) => {
              setPicked(true);
              setOpen(false);
              onPick(emoji);
            }}
          />
        </Suspense>
      </PopoverContent>
    </Popover>
  );
});
