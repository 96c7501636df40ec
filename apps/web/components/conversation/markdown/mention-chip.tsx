'use client';

import { mentionsIn } from '@lockstep/protocol';
import { useNamed } from '@/components/people/mention-names.ts';
import { useTranslations } from '@/i18n/use-translations.ts';
import { cn } from '@/lib/cn.ts';
import { useMe } from '@/lib/me.tsx';
import { usePerson } from '@/lib/sync/index.ts';

/** `@Name` in a message, under the name as it is now; copied as that text. A name has a direction of its own. */
export const MentionChip = ({ userId }: { userId: string }) => {
  const t = useTranslations('common');
  const { me } = useMe();
  const person = usePerson(userId);
  const isMe = userId === me.id;
  return (
    <bdi
      className={cn('md-mention', isMe && 'md-mention-me')}
      data-testid="mention"
      data-user-id={userId}
      data-me={isMe || undefined}
    >
      @{person?.name ?? t('someone')}
    </bdi>
  );
};

/** Code is shown as it was written, but for mentions: nobody has written an id. */
export const CodeText = ({ text }: { text: string }) => useNamed(text);

/** Whether a text mentions this person. */
export const mentionsPerson = (body: string | null, userId: string): boolean =>
  mentionsIn(body).includes(userId);
