'use client';

import type { InboxEntry } from '@lockstep/protocol';
import { createContext, type ReactNode, useCallback, useContext, useRef, useState } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { useMe } from '@/lib/me.tsx';
import { useSync } from '@/lib/sync/index.ts';
import { useNow } from '@/lib/use-now.ts';
import { frozenRect, NOWHERE } from '../ui/frozen-rect.ts';
import { Popover, PopoverAnchor, PopoverContent } from '../ui/popover.tsx';
import { returnFocus } from '../ui/return-focus.ts';
import { explainBadge } from './badges.ts';
import { useConversationTitle } from './use-conversation-title.ts';
import { useUnreadMessages } from './use-unread-messages.ts';

/** Explains the badge of a conversation in a popover beside `anchor`, which gets the focus back. */
type Explain = (conversationId: string, anchor: HTMLElement) => void;

const Context = createContext<Explain | null>(null);

const Line = ({ name, label, value }: { name: string; label: string; value: number | string }) => (
  <div className="flex items-baseline justify-between gap-4" data-testid={`badge-${name}`}>
    <dt className="text-ink-muted">{label}</dt>
    <dd className="font-medium tabular-nums">{value}</dd>
  </div>
);

function Explanation({ entry }: { entry: InboxEntry }) {
  const t = useTranslations('shell');
  const { me } = useMe();
  const now = useNow();
  const title = useConversationTitle(entry);
  const { messages, pending } = useUnreadMessages(entry);
  const why = explainBadge(entry, messages, me.id, now);
  const { apart } = why;
  const lines = [
    { name: 'head', label: t('badgeHead'), value: why.headSeq },
    { name: 'read', label: t('badgeRead'), value: why.readSeq },
    { name: 'after', label: t('badgeAfter'), value: why.after },
    ...(apart
      ? [
          { name: 'own', label: t('badgeOwn'), value: apart.own },
          { name: 'system', label: t('badgeSystem'), value: apart.system },
          { name: 'recalled', label: t('badgeRecalled'), value: apart.recalled },
        ].filter(({ value }) => value > 0)
      : why.after > 0 && !why.capped
        ? [{ name: 'apart', label: t('badgeApart'), value: pending ? '…' : why.after - why.unread }]
        : []),
  ];
  const notes = [
    why.mentions > 0 && t('badgeMentions', { count: why.mentions }),
    why.markedUnread && t('badgeMarked'),
    why.capped && t('badgeCapped'),
    why.muted && t('badgeMuted'),
  ].filter((note) => note !== false);
  return (
    <div className="p-4" aria-busy={pending}>
      <h2 className="truncate font-semibold" dir="auto">
        {title}
      </h2>
      <p className="mt-0.5 text-ink-muted text-sm">
        {why.unread > 0
          ? t('badgeIs', { count: why.unread })
          : t(why.markedUnread ? 'badgeDot' : 'badgeNone')}
      </p>
      <dl className="mt-3 space-y-1.5 border-line border-y py-3 text-sm">
        {lines.map((line) => (
          <Line key={line.name} {...line} />
        ))}
        <Line name="unread" label={t('badgeUnread')} value={why.capped ? `${why.unread - 1}+` : why.unread} />
      </dl>
      {notes.length > 0 && (
        <ul className="mt-3 space-y-1 text-ink-muted text-sm">
          {notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** Any badge can explain itself: one popover for the whole shell. */
export function BadgeExplainer({ children }: { children: ReactNode }) {
  const t = useTranslations('shell');
  const [openId, setOpenId] = useState<string | null>(null);
  const anchor = useRef(NOWHERE);
  const opener = useRef<HTMLElement | null>(null);
  const entry = useSync((state) => (openId ? state.inbox.get(openId) : undefined));
  const explain = useCallback<Explain>((conversationId, element) => {
    opener.current = element.closest<HTMLElement>('a, button') ?? element;
    anchor.current = frozenRect(element);
    setOpenId(conversationId);
  }, []);
  return (
    <Context value={explain}>
      {children}
      <Popover open={entry !== undefined} onOpenChange={(open) => !open && setOpenId(null)}>
        <PopoverAnchor virtualRef={anchor} />
        {entry && (
          <PopoverContent
            side="bottom"
            align="start"
            tabIndex={-1}
            aria-label={t('explainBadge')}
            data-testid="badge-explanation"
            className="w-72 max-w-[calc(100vw-1rem)]"
            onCloseAutoFocus={(event) => {
              event.preventDefault();
              returnFocus(opener.current);
            }}
          >
            <Explanation key={entry.conversation.id} entry={entry} />
          </PopoverContent>
        )}
      </Popover>
    </Context>
  );
}

export const useExplainBadge = (): Explain => {
  const explain = useContext(Context);
  if (!explain) throw new Error('useExplainBadge needs <BadgeExplainer>');
  return explain;
};
