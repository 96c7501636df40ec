'use client';

import { hasText, isFullyKnown, isRecalled, type Message, stateOf } from '@lockstep/protocol';
import { useLocale } from 'next-intl';
import { memo, useId, useState } from 'react';
import { UpdateToSee } from '@/components/page/update-to-see.tsx';
import { LookAlikeSign } from '@/components/people/person-tags.tsx';
import { Avatar } from '@/components/ui/avatar.tsx';
import { useTranslations } from '@/i18n/use-translations.ts';
import { breakable } from '@/lib/breakable.tsx';
import { cn } from '@/lib/cn.ts';
import { usePerson } from '@/lib/sync/index.ts';
import { clock, fullTime, shortClock } from '@/lib/time.ts';
import { useConversationTools } from '../context.tsx';
import { mentionsPerson } from '../markdown/mention-chip.tsx';
import { MessageBody } from '../markdown/message-body.tsx';
import { DaySeparator, NewLine, StartMarker } from '../timeline/marks.tsx';
import type { Row } from '../timeline/rows.ts';
import { MessageToolbar } from './actions.tsx';
import { MessageBoundary } from './message-boundary.tsx';
import { Readers } from './readers.tsx';
import { FailedNote, RefusedNote, StatusIcon } from './status.tsx';
import { SystemText } from './system-message.tsx';
import { EditedMark } from './versions.tsx';

interface TimeProps {
  id: string;
  at: number;
  /** Without AM and PM. */
  short?: boolean;
  className?: string;
}

const Time = ({ id, at, short, className }: TimeProps) => {
  const locale = useLocale();
  return (
    <time
      id={id}
      dateTime={new Date(at).toISOString()}
      title={fullTime(locale, at)}
      className={cn('text-ink-subtle text-xs tabular-nums', className)}
    >
      {(short ? shortClock : clock)(locale, at)}
    </time>
  );
};

const Recalled = ({ isOwn }: { isOwn: boolean }) => {
  const t = useTranslations('conversation.message');
  return <p className="text-ink-subtle text-md italic">{isOwn ? t('recalledMine') : t('recalled')}</p>;
};

/** The text as it was typed, with nothing that could fail. */
const PlainBody = ({ children }: { children: string | null }) => (
  <p dir="auto" data-testid="message-body" className="whitespace-pre-wrap text-md [overflow-wrap:anywhere]">
    {breakable(children ?? '')}
  </p>
);

/** Attributes for tests and for the menus, which find the message under an event by them. */
const attributes = (row: Row) => ({
  'data-testid': 'message',
  'data-key': row.key,
  'data-client-id': row.message?.clientId ?? row.unsent?.clientId,
  'data-seq': row.message?.seq,
  'data-state': row.unsent
    ? row.unsent.state === 'failed'
      ? 'failed'
      : 'pending'
    : row.message && stateOf(row.message) !== 'live'
      ? stateOf(row.message)
      : 'sent',
  'data-change': row.change ? (row.change.state === 'failed' ? 'failed' : 'pending') : undefined,
});

/** A row that could not be drawn: what it says, and the menu, so that it can be copied and recalled. */
const PlainRow = ({ row, active }: { row: Row; active: boolean }) => (
  <div {...attributes(row)} tabIndex={active ? 0 : -1} className="px-4 py-0.5 md:px-5">
    <PlainBody>{row.unsent?.body ?? row.message?.body ?? '…'}</PlainBody>
  </div>
);

interface LineProps {
  row: Row;
  active: boolean;
  /** It has just been jumped to. */
  highlighted: boolean;
  readers: readonly string[] | undefined;
}

/** What a screen reader says of a row: who, when, what; not the tools beside it. */
const labelled = (id: string) => ({ role: 'article', 'aria-labelledby': `${id}-who ${id}-when ${id}-what` });

const SystemRow = ({ row, message, active, highlighted, readers }: LineProps & { message: Message }) => {
  const id = useId();
  return (
    <div
      {...attributes(row)}
      {...labelled(id)}
      data-lit={highlighted || undefined}
      tabIndex={active ? 0 : -1}
      className={cn(
        '-outline-offset-2 relative flex gap-3 px-4 py-0.5 text-ink-muted text-sm hover:bg-hover md:px-5',
        highlighted && 'message-lit',
      )}
    >
      <span className="w-9 shrink-0 pt-px text-right">
        <Time id={`${id}-when`} at={row.at} short className="text-[0.6875rem]" />
      </span>
      <span id={`${id}-what`} className="min-w-0 flex-1 [overflow-wrap:anywhere]" dir="auto">
        {!isFullyKnown(message) ? (
          <UpdateToSee />
        ) : (
          message.system && <SystemText message={message} event={message.system} />
        )}
      </span>
      {readers && <Readers userIds={readers} />}
    </div>
  );
};

const TextRow = ({ row, active, highlighted, readers, editing }: LineProps & { editing: boolean }) => {
  const t = useTranslations('common');
  const { meId } = useConversationTools();
  const person = usePerson(row.senderId);
  const [near, setNear] = useState(false);
  const [menuOpen, setMenuOpen] = useState(false);
  const { message, unsent, change } = row;
  /** What of it is on its way, or was not taken. */
  const waiting = unsent ?? change;
  const body = unsent ? unsent.body : (message?.body ?? null);
  const name = person?.name ?? t('someone');
  const id = useId();
  const mentioned = row.senderId !== meId && mentionsPerson(body, meId);
  return (
    <div
      {...attributes(row)}
      {...labelled(id)}
      data-mentioned={mentioned || undefined}
      data-lit={highlighted || undefined}
      tabIndex={active ? 0 : -1}
      // Not on entering: rows that scroll by below a mouse that stands still would all be drawn again, with their tools.
      onPointerMove={(event) => event.pointerType === 'mouse' && setNear(true)}
      onPointerLeave={() => setNear(false)}
      className={cn(
        '-outline-offset-2 group relative flex gap-3 px-4 pb-0.5 md:px-5 pointer-coarse:not-data-selecting:select-none',
        row.head ? 'pt-2.5' : 'pt-0.5',
        editing ? 'bg-accent-soft' : (near || menuOpen) && 'bg-hover',
        highlighted && 'message-lit',
        mentioned && !editing && 'border-mention border-l-3 bg-mention-soft pl-[0.8125rem] md:pl-[1.0625rem]',
      )}
    >
      <div className="w-9 shrink-0">
        {row.head ? (
          <Avatar
            id={row.senderId}
            name={person?.name ?? ''}
            className="mt-0.5 [&>span:first-child]:size-9 [&>span:first-child]:text-sm"
          />
        ) : (
          <Time
            id={`${id}-when`}
            at={row.at}
            short
            className="block pt-[0.1875rem] text-right text-[0.6875rem] opacity-0 group-hover:opacity-100 group-focus-visible:opacity-100"
          />
        )}
      </div>
      <div className="min-w-0 flex-1">
        {row.head ? (
          <div className="flex min-w-0 items-baseline gap-2">
            <span id={`${id}-who`} className="truncate font-semibold text-md" dir="auto">
              {name}
            </span>
            {person?.lookAlike !== undefined && row.senderId !== meId && <LookAlikeSign person={person} />}
            <Time id={`${id}-when`} at={row.at} className="shrink-0" />
          </div>
        ) : (
          <span id={`${id}-who`} className="sr-only">
            {name}
          </span>
        )}
        <div
          id={`${id}-what`}
          className={cn(
            'transition-opacity duration-200',
            waiting && waiting.state !== 'failed' && 'opacity-60',
          )}
        >
          {message && isRecalled(message) && <Recalled isOwn={row.senderId === meId} />}
          {body !== null && (
            <MessageBoundary of={body} fallback={<PlainBody>{body}</PlainBody>}>
              <MessageBody id={row.key} body={body} edited={Boolean(message?.editedAt)} />
            </MessageBoundary>
          )}
          {message && !isFullyKnown(message) && <UpdateToSee />}
          {message?.editedAt && hasText(message) ? (
            <EditedMark message={message} editedAt={message.editedAt} />
          ) : null}
        </div>
        {unsent?.state === 'failed' && <FailedNote unsent={unsent} />}
        {message && change?.state === 'failed' && !editing && (
          <RefusedNote message={message} change={change} />
        )}
      </div>
      <div className="flex min-w-4 shrink-0 justify-end">
        {waiting && (
          <span className="pt-1">
            <StatusIcon state={waiting.state} />
          </span>
        )}
        {readers && <Readers userIds={readers} />}
      </div>
      {message && (near || menuOpen || active) && (
        <MessageToolbar message={message} onOpenChange={setMenuOpen} />
      )}
    </div>
  );
};

interface MessageRowProps {
  row: Row;
  /** Whether the keyboard stands on it. */
  active: boolean;
  /** Whether the composer holds its text. */
  editing: boolean;
  /** It has just been jumped to. */
  highlighted: boolean;
  /** Who has read up to here and no further. */
  readers: readonly string[] | undefined;
}

const same = (a: MessageRowProps, b: MessageRowProps) =>
  a.active === b.active &&
  a.editing === b.editing &&
  a.highlighted === b.highlighted &&
  a.readers === b.readers &&
  a.row.key === b.row.key &&
  a.row.message === b.row.message &&
  a.row.unsent === b.row.unsent &&
  a.row.change === b.row.change &&
  a.row.head === b.row.head &&
  a.row.day === b.row.day &&
  a.row.firstNew === b.row.firstNew &&
  a.row.start === b.row.start;

/** One line of the list, with what stands above it. Rows are made anew with every change, hence `same`. */
export const MessageRow = memo(function MessageRow(props: MessageRowProps) {
  const { row, editing, ...line } = props;
  return (
    <>
      {row.start && <StartMarker />}
      {row.day !== null && <DaySeparator day={row.day} />}
      {row.firstNew && <NewLine />}
      <MessageBoundary of={row.message ?? row.unsent} fallback={<PlainRow row={row} active={line.active} />}>
        {row.message?.system ? (
          <SystemRow row={row} message={row.message} {...line} />
        ) : (
          <TextRow row={row} editing={editing} {...line} />
        )}
      </MessageBoundary>
    </>
  );
}, same);
