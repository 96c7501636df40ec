'use client';

import {
  type AccessNotice,
  commands,
  type InboxEntry,
  isVisibleName,
  LIMITS,
  traitsOf,
} from '@lockstep/protocol';
import { useLocale } from 'next-intl';
import { useEffect, useState } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { allowedIn } from '@/lib/allowed.ts';
import { api } from '@/lib/api.ts';
import { dateFormat } from '@/lib/date-format.ts';
import { listTime } from '@/lib/list-time.ts';
import { useMe } from '@/lib/me.tsx';
import { usePerson, useSync } from '@/lib/sync/index.ts';
import { useNow } from '@/lib/use-now.ts';
import { ConversationAvatar } from '../inbox/conversation-avatar.tsx';
import { useConversationTitle } from '../inbox/use-conversation-title.ts';
import { DeactivatedTag, PlaceholderTag } from '../people/person-tags.tsx';
import { EditableLine } from './editable-line.tsx';

function PeerPresence({ userId }: { userId: string }) {
  const t = useTranslations('common');
  const yesterday = useTranslations('shell')('timeYesterday');
  const locale = useLocale();
  const now = useNow();
  const person = usePerson(userId);
  const presence = useSync((state) => state.presence.get(userId));
  if (person?.placeholder) return <PlaceholderTag />;
  if (person?.deactivated) return <DeactivatedTag />;
  if (presence?.online) return t('online');
  const at = presence?.lastSeenAt ?? person?.lastSeenAt;
  return at ? t('lastSeen', { when: listTime(at, now, locale, yesterday) }) : null;
}

/** What the conversation is: name, topic, kind, age. */
export function ConversationAbout({ entry }: { entry: InboxEntry }) {
  const t = useTranslations('shell');
  const locale = useLocale();
  const { me } = useMe();
  const title = useConversationTitle(entry);
  const { conversation, peerId } = entry;
  const conversationId = conversation.id;
  const allowed = allowedIn(entry);
  const traits = traitsOf(conversation.kind);
  const kind = traits.isListed
    ? t(conversation.visibility === 'private' ? 'privateChannel' : 'publicChannel')
    : t('group');
  return (
    <section className="flex flex-col gap-4 border-line border-b px-5 pb-5">
      <div className="flex items-center gap-3">
        <ConversationAvatar entry={entry} presence={false} />
        <div className="min-w-0 flex-1">
          <EditableLine
            label={t('rename')}
            value={conversation.title ?? ''}
            mayEdit={allowed.rename}
            maxLength={LIMITS.conversationTitle}
            validate={(value) =>
              commands.title.safeParse(value).success
                ? null
                : t('titleInvalid', { max: LIMITS.conversationTitle })
            }
            onSave={(next) => api.conversations.rename.mutate({ conversationId, title: next })}
          >
            <p className="break-words font-semibold text-md" dir="auto">
              {title}
            </p>
          </EditableLine>
          <p className="text-ink-subtle text-sm">
            {traits.hasPeer ? peerId && peerId !== me.id && <PeerPresence userId={peerId} /> : kind}
          </p>
        </div>
      </div>
      {traits.hasTitle && (
        <div>
          <h3 className="mb-1 font-semibold text-ink-subtle text-xs">{t('channelTopic')}</h3>
          <EditableLine
            label={conversation.topic ? t('editTopic') : t('addTopic')}
            value={conversation.topic ?? ''}
            mayEdit={allowed.setTopic}
            multiline
            maxLength={LIMITS.conversationTopic}
            validate={(value) =>
              !isVisibleName(value) || commands.topic.safeParse(value).success
                ? null
                : t('topicInvalid', { max: LIMITS.conversationTopic })
            }
            onSave={(next) =>
              api.conversations.setTopic.mutate({ conversationId, topic: !isVisibleName(next) ? null : next })
            }
          >
            <p className={conversation.topic ? 'break-words' : 'text-ink-subtle'} dir="auto">
              {conversation.topic ?? t('noTopic')}
            </p>
          </EditableLine>
        </div>
      )}
      <p className="text-ink-subtle text-sm">
        {t('created', {
          date: dateFormat(locale, { dateStyle: 'long' }).format(conversation.createdAt),
        })}
      </p>
      <AdminAccesses conversationId={conversationId} />
    </section>
  );
}

/** States that admins can access this conversation and, if the workspace shows it, who did. */
function AdminAccesses({ conversationId }: { conversationId: string }) {
  const t = useTranslations('shell');
  const locale = useLocale();
  const [accesses, setAccesses] = useState<AccessNotice['looks']>([]);
  useEffect(() => {
    let live = true;
    // Offline the accesses are unknown.
    api.conversations.looks.query({ conversationId }).then(
      (notice) => live && setAccesses(notice.looks),
      () => {},
    );
    return () => {
      live = false;
    };
  }, [conversationId]);
  const when = dateFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <div data-testid="looks" className="flex flex-col gap-1 text-ink-subtle text-sm">
      <p>{t('lookPolicy')}</p>
      {accesses.slice(0, 5).map(({ at, actorName, action }) => (
        <p key={`${at} ${action}`}>{t('lookLatest', { name: actorName, when: when.format(at) })}</p>
      ))}
    </div>
  );
}
