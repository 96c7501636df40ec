'use client';

import { PersonAvatar } from '@/components/people/person-avatar.tsx';
import { AdminTag, LookAlikeTag, PlaceholderTag } from '@/components/people/person-tags.tsx';
import { useDistinguishingLabel } from '@/components/people/use-tell-apart.ts';
import { useTranslations } from '@/i18n/use-translations.ts';
import { cn } from '@/lib/cn.ts';
import type { MentionMenu } from './use-mention-menu.ts';

/** Above the composer: whom `@nam` may mean. The focus stays in the text. */
export const MentionList = ({ menu }: { menu: MentionMenu }) => {
  const t = useTranslations('conversation.composer');
  const apart = useDistinguishingLabel();
  if (menu.people.length === 0) return null;
  return (
    <div
      id={menu.listId}
      role="listbox"
      aria-label={t('mention')}
      data-testid="mention-list"
      className="fade-in-0 slide-in-from-bottom-1 absolute bottom-full left-0 z-30 mb-1.5 w-80 max-w-full animate-in overflow-hidden rounded-lg bg-raised p-1 shadow-overlay duration-120"
    >
      {menu.people.map((person, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the text field's
        // biome-ignore lint/a11y/useFocusableInteractive: the text field keeps the focus and names the option
        <div
          key={person.id}
          id={menu.optionId(index)}
          role="option"
          aria-selected={index === menu.index}
          data-testid="mention-option"
          // The text field keeps the focus, and a phone its keyboard.
          onPointerDown={(event) => event.preventDefault()}
          onPointerMove={() => index !== menu.index && menu.hover(index)}
          onClick={() => menu.pick(person)}
          className={cn(
            'flex min-h-9 cursor-pointer items-center gap-2.5 rounded-md px-2 max-md:min-h-11',
            index === menu.index && 'bg-hover',
          )}
        >
          <PersonAvatar userId={person.id} name={person.name} size="sm" />
          <span className="min-w-0 flex-1">
            <span className="flex flex-wrap items-center gap-x-2">
              <span className="min-w-0 truncate" dir="auto">
                {person.name}
              </span>
              {person.admin && <AdminTag />}
              {person.lookAlike !== undefined && <LookAlikeTag />}
              {person.placeholder && <PlaceholderTag />}
            </span>
            {person.lookAlike !== undefined && (
              <span className="block truncate text-ink-subtle text-xs">{apart(person)}</span>
            )}
          </span>
          {!person.member && <span className="shrink-0 text-ink-subtle text-xs">{t('notAMember')}</span>}
        </div>
      ))}
    </div>
  );
};
