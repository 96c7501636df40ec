'use client';

import { isMuted, traitsOf } from '@lockstep/protocol';
import { BellOff, CalendarDays, ChevronLeft, Hash, Lock, NotebookPen, Users } from 'lucide-react';
import { useLocale } from 'next-intl';
import { AdminTag, LookAlikeTag } from '@/components/people/person-tags.tsx';
import { useDistinguishingLabel } from '@/components/people/use-tell-apart.ts';
import { Avatar } from '@/components/ui/avatar.tsx';
import { Button } from '@/components/ui/button.tsx';
import { IconButton } from '@/components/ui/icon-button.tsx';
import { Tooltip } from '@/components/ui/tooltip.tsx';
import { useTranslations } from '@/i18n/use-translations.ts';
import { usePerson, useSync } from '@/lib/sync/index.ts';
import { shortTime } from '@/lib/time.ts';
import { useNow } from '@/lib/use-now.ts';
import { useConversation } from './context.tsx';
import { HeaderMenu } from './header-menu.tsx';
import { useConversationHost } from './host.tsx';

export const BackButton = () => {
  const t = useTranslations('conversation.header');
  const { back } = useConversationHost();
  if (!back) return null;
  return (
    <IconButton label={t('back')} onClick={back} className="-ml-2 md:hidden">
      <ChevronLeft aria-hidden className="size-5.5" />
    </IconButton>
  );
};

const Icon = () => {
  const { entry, title, meId } = useConversation();
  const { kind, visibility, id } = entry.conversation;
  const presence = useSync((state) => (entry.peerId ? state.presence.get(entry.peerId) : undefined));
  const { hasPeer, hasHashSign } = traitsOf(kind);
  if (hasPeer && entry.peerId && entry.peerId !== meId) {
    return (
      <Avatar
        id={entry.peerId}
        name={title}
        online={presence?.online ?? false}
        className="[&>span:first-child]:size-9 [&>span:first-child]:text-sm"
      />
    );
  }
  if (!hasPeer && !hasHashSign) {
    return (
      <Avatar id={id} name={title} className="[&>span:first-child]:size-9 [&>span:first-child]:text-sm" />
    );
  }
  const Mark = hasPeer ? NotebookPen : visibility === 'private' ? Lock : Hash;
  return (
    <span className="inline-flex size-9 shrink-0 items-center justify-center rounded-md bg-sunken text-ink-muted">
      <Mark aria-hidden className="size-4.5" />
    </span>
  );
};

/** Below the title: topic and members, or whether the other person is there. */
const Subtitle = () => {
  const t = useTranslations('conversation.header');
  const common = useTranslations('common');
  const locale = useLocale();
  const now = useNow();
  const { entry, meId } = useConversation();
  const { kind, topic, memberCount } = entry.conversation;
  const person = usePerson(entry.peerId ?? meId);
  const distinguishingLabel = useDistinguishingLabel();
  const presence = useSync((state) => (entry.peerId ? state.presence.get(entry.peerId) : undefined));
  if (!traitsOf(kind).hasPeer) {
    const members = common('members', { count: memberCount });
    return topic ? (
      <>
        <span className="max-md:hidden">{members} · </span>
        <span title={topic}>{topic}</span>
      </>
    ) : (
      members
    );
  }
  if (entry.peerId === meId) return t('notes');
  if (person?.placeholder) return common('placeholderHint');
  if (person?.deactivated) return common('deactivated');
  const apart = person && distinguishingLabel(person);
  if (apart) return apart;
  if (presence?.online) return common('online');
  const seen = presence?.lastSeenAt ?? person?.lastSeenAt;
  return seen ? common('lastSeen', { when: shortTime(locale, seen, now) }) : t('offline');
};

export const ConversationHeader = () => {
  const t = useTranslations('conversation.header');
  const { entry, title, meId, actions } = useConversation();
  const person = usePerson(entry.peerId ?? meId);
  const peer = entry.peerId === null || entry.peerId === meId ? undefined : person;
  const { details } = useConversationHost();
  const { kind, memberCount } = entry.conversation;
  const muted = isMuted(entry, useNow());
  return (
    <header className="z-20 flex h-14 shrink-0 short:h-10 items-center gap-3 border-line border-b bg-surface px-4 md:px-5">
      <BackButton />
      <Icon />
      <div className="min-w-0 flex-1">
        <div className="flex items-center gap-1.5">
          <h1 className="min-w-0 truncate font-semibold text-md leading-5" dir="auto" title={title}>
            {title}
          </h1>
          {peer?.admin && !peer.deactivated && <AdminTag />}
          {peer?.lookAlike !== undefined && <LookAlikeTag />}
          {muted && (
            <span title={t('muted')}>
              <BellOff aria-hidden className="size-3.5 text-ink-subtle" />
              <span className="sr-only">{t('muted')}</span>
            </span>
          )}
        </div>
        <p className="truncate text-ink-muted text-sm leading-4.5 short:hidden">
          <Subtitle />
        </p>
      </div>
      <div className="flex shrink-0 items-center gap-1 max-md:-mr-2 print:hidden">
        <IconButton
          label={t('jumpToDate')}
          data-testid="jump-to-date"
          aria-haspopup="dialog"
          onClick={(event) => actions.pickDate(event.currentTarget)}
          className="max-md:hidden"
        >
          <CalendarDays aria-hidden className="size-4.5" />
        </IconButton>
        {!traitsOf(kind).hasPeer && details && (
          <Tooltip label={t('showDetails')} side="bottom">
            <Button
              variant="ghost"
              size="sm"
              aria-label={t('members', { count: memberCount })}
              aria-pressed={details.open}
              onClick={details.toggle}
              className="h-8 gap-1.5 px-2 tabular-nums aria-pressed:bg-pressed aria-pressed:text-ink max-md:hidden"
            >
              <Users aria-hidden className="size-4" />
              {memberCount}
            </Button>
          </Tooltip>
        )}
        <HeaderMenu />
      </div>
    </header>
  );
};
