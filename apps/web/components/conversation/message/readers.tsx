'use client';

import { traitsOf } from '@lockstep/protocol';
import { PersonAvatar } from '@/components/people/person-avatar.tsx';
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover.tsx';
import { useTranslations } from '@/i18n/use-translations.ts';
import { cn } from '@/lib/cn.ts';
import { usePerson } from '@/lib/sync/index.ts';
import { useConversation } from '../context.tsx';

/** Faces shown at one message; the rest is a number. */
const FACES = 5;

const Reader = ({ userId }: { userId: string }) => {
  const t = useTranslations('common');
  const person = usePerson(userId);
  return (
    <li className="flex min-h-9 items-center gap-2.5 px-2" data-testid="reader">
      <PersonAvatar userId={userId} size="sm" />
      <span className="min-w-0 truncate" dir="auto">
        {person?.name ?? t('someone')}
      </span>
    </li>
  );
};

/** In a conversation of two, at the last of my messages that the other has read. */
const Seen = () => {
  const t = useTranslations('conversation.receipts');
  return (
    <span
      data-testid="seen"
      className="fade-in-0 shrink-0 animate-in self-end pb-px text-ink-subtle text-xs duration-200"
    >
      {t('seen')}
    </span>
  );
};

/** Who has read up to this message and no further: small faces, and the names on a click. */
export const Readers = ({ userIds }: { userIds: readonly string[] }) => {
  const t = useTranslations('conversation.receipts');
  const { entry } = useConversation();
  if (traitsOf(entry.conversation.kind).hasPeer) return <Seen />;
  const rest = userIds.length - FACES;
  return (
    <Popover>
      <PopoverTrigger asChild>
        <button
          type="button"
          tabIndex={-1}
          data-testid="readers"
          aria-label={t('seenByCount', { count: userIds.length })}
          className="fade-in-0 relative flex shrink-0 animate-in items-center self-end rounded-full pb-0.5 duration-200 before:absolute before:-inset-2"
        >
          {userIds.slice(0, FACES).map((userId, index) => (
            <PersonAvatar
              key={userId}
              userId={userId}
              size="xs"
              className={cn(
                'rounded-full ring-2 ring-surface [&>span:first-child]:size-4.5 [&>span:first-child]:rounded-full [&>span:first-child]:text-[0.5rem]',
                index > 0 && '-ml-1',
                index > 2 && rest <= 0 && 'max-md:hidden',
              )}
            />
          ))}
          {rest > 0 && <span className="ml-1 font-medium text-ink-subtle text-xs">+{rest}</span>}
        </button>
      </PopoverTrigger>
      <PopoverContent
        align="end"
        tabIndex={-1}
        aria-label={t('seenBy')}
        data-testid="readers-list"
        className="w-60 max-w-[calc(100vw-1rem)]"
      >
        <h3 className="px-3 pt-2.5 pb-1 font-semibold text-ink-muted text-xs">{t('seenBy')}</h3>
        <ul className="scroll-quiet max-h-72 px-1 pb-1.5">
          {userIds.map((userId) => (
            <Reader key={userId} userId={userId} />
          ))}
        </ul>
      </PopoverContent>
    </Popover>
  );
};
