'use client';

import { memo, type ReactNode } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { useSync } from '@/lib/sync/index.ts';

const NOBODY: readonly { userId: string; until: number }[] = [];
const bold = (chunks: ReactNode) => <bdi className="font-medium text-ink">{chunks}</bdi>;

interface TypingLineProps {
  conversationId: string;
  meId: string;
}

/** Who is typing, in a line that is always there, so that nothing moves. */
export const TypingLine = memo(function TypingLine({ conversationId, meId }: TypingLineProps) {
  const t = useTranslations('conversation');
  const common = useTranslations('common');
  const typing = useSync((state) => state.typing.get(conversationId) ?? NOBODY);
  const people = useSync((state) => state.people);
  const names = typing
    .filter(({ userId }) => userId !== meId)
    .map(({ userId }) => people.get(userId)?.name ?? common('someone'));
  const [name, other] = names;
  return (
    <p className="min-w-0 flex-1 truncate text-ink-muted text-xs" aria-live="off" data-testid="typing">
      {name !== undefined && (
        <>
          <span aria-hidden className="typing-dots mr-1.5">
            <i />
            <i />
            <i />
          </span>
          {names.length > 2
            ? t('typing.many')
            : other !== undefined
              ? t.rich('typing.two', { b: bold, name, other })
              : t.rich('typing.one', { b: bold, name })}
        </>
      )}
    </p>
  );
});
