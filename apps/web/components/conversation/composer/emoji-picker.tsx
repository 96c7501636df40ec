'use client';

import { EmojiPicker as Picker } from 'frimousse';
import { useLocale } from 'next-intl';
import { useTranslations } from '@/i18n/use-translations.ts';

/** Search, categories and skin tones; arrow keys move, Enter chooses. Names come from our own server (/emoji). */
export const EmojiPicker = ({ onPick }: { onPick: (emoji: string) => void }) => {
  const t = useTranslations('conversation.emoji');
  const locale = useLocale().startsWith('zh') ? 'zh' : 'en';
  return (
    <Picker.Root
      locale={locale}
      columns={9}
      emojibaseUrl="/emoji"
      onEmojiSelect={({ emoji }) => onPick(emoji)}
      className="isolate flex h-88 w-[20.25rem] max-w-full flex-col"
    >
      <div className="flex gap-2 p-2">
        <Picker.Search
          autoFocus
          placeholder={t('search')}
          aria-label={t('search')}
          className="text-field h-9 min-w-0 flex-1 appearance-none rounded-md border border-line-strong bg-surface px-2.5"
        />
        <Picker.SkinToneSelector
          aria-label={t('skinTone')}
          className="size-9 shrink-0 rounded-md text-lg hover:bg-hover"
        />
      </div>
      <Picker.Viewport className="scroll-quiet relative flex-1 outline-none">
        <Picker.Loading className="absolute inset-0 flex items-center justify-center text-ink-subtle text-sm">
          {t('loading')}
        </Picker.Loading>
        <Picker.Empty className="absolute inset-0 flex items-center justify-center text-ink-subtle text-sm">
          {t('empty')}
        </Picker.Empty>
        <Picker.List
          className="select-none pb-2"
          components={{
            CategoryHeader: ({ category, ...props }) => (
              <div {...props} className="bg-raised px-3 py-1.5 font-medium text-ink-subtle text-xs">
                {category.label}
              </div>
            ),
            Row: ({ children, ...props }) => (
              <div {...props} className="scroll-my-1.5 px-2">
                {children}
              </div>
            ),
            Emoji: ({ emoji, ...props }) => (
              <button
                type="button"
                {...props}
                aria-label={emoji.label}
                className="flex size-[2.125rem] items-center justify-center rounded-md text-[1.375rem] leading-none data-[active]:bg-pressed"
              >
                {emoji.emoji}
              </button>
            ),
          }}
        />
      </Picker.Viewport>
      <Picker.ActiveEmoji>
        {({ emoji }) => (
          <div className="flex h-9 items-center gap-2 border-line border-t px-3 text-ink-muted text-sm">
            {emoji && (
              <>
                <span aria-hidden className="text-md">
                  {emoji.emoji}
                </span>
                <span className="truncate">{emoji.label}</span>
              </>
            )}
          </div>
        )}
      </Picker.ActiveEmoji>
    </Picker.Root>
  );
};

export default EmojiPicker;
