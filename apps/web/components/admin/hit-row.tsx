'use client';

import type { Conversation, HistoryHit, Person } from '@lockstep/protocol';
import { useFormatter } from 'next-intl';
import { useTranslations } from '@/i18n/use-translations.ts';
import { cn } from '@/lib/cn.ts';
import { withNames } from '../people/mention-names.ts';
import { Marked } from '../search/marked.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Tag } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';

/** The names of people and conversations. */
export interface Names {
  people: Map<string, Person>;
  conversations: Map<string, Conversation>;
  directs: Record<string, string[]>;
}

export const titleOf = (names: Names, id: string): string =>
  names.conversations.get(id)?.title ??
  (names.directs[id] ?? []).flatMap((userId) => names.people.get(userId)?.name ?? []).join(' & ');

interface HitRowProps {
  hit: HistoryHit;
  names: Names;
  /** Within its conversation: its name and the way to it are left out. */
  within?: boolean;
  target?: boolean;
  onContext?: () => void;
  onVersions: () => void;
}

export function HitRow({ hit, names, within = false, target = false, onContext, onVersions }: HitRowProps) {
  const t = useTranslations('admin');
  const format = useFormatter();
  const { message, marks, state, versions, found } = hit;
  const common = useTranslations('common');
  const nameOf = (id: string) => names.people.get(id)?.name ?? common('someone');
  const sender = nameOf(message.senderId);
  const plain = (text: string) => withNames(text, nameOf);
  return (
    <li
      data-testid="history-hit"
      data-seq={message.seq}
      data-state={state}
      className={cn('flex gap-3 px-4 py-3', target && 'bg-accent-soft')}
    >
      <Avatar id={message.senderId} name={sender} />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-baseline gap-x-2 text-ink-subtle text-sm">
          <span className="font-semibold text-base text-ink">{sender}</span>
          {!within && <span className="min-w-0 break-words">{titleOf(names, message.conversationId)}</span>}
          <time dateTime={new Date(message.createdAt).toISOString()} className="tabular-nums">
            {format.dateTime(message.createdAt, { dateStyle: 'medium', timeStyle: 'short' })}
          </time>
          {state === 'recalled' && <Tag className="bg-danger-soft text-danger-ink">{t('recalled')}</Tag>}
          {state === 'edited' && <Tag className="bg-warning-soft text-warning-ink">{t('edited')}</Tag>}
        </p>
        {message.system ? (
          <p className="text-ink-muted italic">{t(`system.${message.system.type}`)}</p>
        ) : (
          <p dir="auto" className="mt-0.5 whitespace-pre-wrap text-md [overflow-wrap:anywhere]">
            <Marked text={message.body ?? ''} marks={marks} plain={plain} />
          </p>
        )}
        {found && (
          <blockquote className="mt-1.5 rounded-md bg-sunken px-3 py-2">
            <p className="text-ink-subtle text-xs">{t('foundIn', { version: found.version })}</p>
            <p dir="auto" className="whitespace-pre-wrap [overflow-wrap:anywhere]">
              <Marked text={found.body} marks={found.marks} plain={plain} />
            </p>
          </blockquote>
        )}
        {!message.system && (
          <p className="-ml-2.5 mt-1 flex flex-wrap gap-1">
            <Button variant="ghost" size="sm" onClick={onVersions}>
              {t('whoCouldSee')}
              {versions > 0 && ` · ${t('versions', { count: versions })}`}
            </Button>
            {onContext && (
              <Button variant="ghost" size="sm" onClick={onContext}>
                {t('context')}
              </Button>
            )}
          </p>
        )}
      </div>
    </li>
  );
}
