'use client';

import type { Message } from '@lockstep/protocol';
import { useLocale, useTranslations } from 'next-intl';
import { memo, useState } from 'react';
import { Avatar } from '@/components/ui/avatar.tsx';
import { cn } from '@/lib/cn.ts';
import { usePerson } from '@/lib/sync/index.ts';
import { useConversationTools } from '../context.tsx';
import { mentionsPerson } from '../markdown/mention-chip.tsx';
import { MessageBody } from '../markdown/message-body.tsx';
import { DaySeparator, NewLine, StartMarker } from '../timeline/marks.tsx';
import type { Row } from '../timeline/rows.ts';
import { clock, fullTime } from '../timeline/time.ts';
import { MessageToolbar } from './actions.tsx';
import { Readers } from './readers.tsx';
import { FailedNote, StatusIcon } from './status.tsx';
import { SystemText } from './system-message.tsx';
import { EditedMark } from './versions.tsx';

const Time = ({ at, className }: { at: number; className?: string }) => {
  const locale = useLocale();
  return (
    <time
      dateTime={new Date(at).toISOString()}
      title={fullTime(locale, at)}
      className={cn('text-ink-subtle text-xs tabular-nums', className)}
    >
      {clock(locale, at)}
    </time>
  );
};

const Recalled = ({ mine }: { mine: boolean }) => {
  const t = useTranslations('conversation.message');
  return <p className="text-ink-subtle text-md italic">{mine ? t('recalledMine') : t('recalled')}</p>;
};

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
    : row.message?.system
      ? 'system'
      : row.message?.recalledAt
        ? 'recalled'
        : 'sent',
});

interface LineProps {
  row: Row;
  active: boolean;
  /** It has just been jumped to. */
  lit: boolean;
  readers: readonly string[] | undefined;
}

const SystemRow = ({ row, message, active, lit, readers }: LineProps & { message: Message }) => (
  <div
    {...attributes(row)}
    data-lit={lit || undefined}
    tabIndex={active ? 0 : -1}
    className={cn(
      '-outline-offset-2 relative flex gap-3 px-4 py-0.5 text-ink-muted text-sm hover:bg-hover md:px-5',
      lit && 'message-lit',
    )}
  >
    <span className="w-9 shrink-0 pt-px text-right">
      <Time at={row.at} className="text-[0.6875rem]" />
    </span>
    <span className="min-w-0 flex-1 [overflow-wrap:anywhere]" dir="auto">
      {message.system && <SystemText message={message} event={message.system} />}
    </span>
    {readers && <Readers userIds={readers} />}
  </div>
);

const TextRow = ({ row, active, lit, readers, editing }: LineProps & { editing: boolean }) => {
  const { meId } = useConversationTools();
  const person = usePerson(row.senderId);
  const [near, setNear] = useState(false);
  const [menuOpen, setMenuOpen] = useState(false);
  const { message, unsent } = row;
  const body = unsent ? unsent.body : (message?.body ?? null);
  const name = person?.name ?? '…';
  const mentioned = row.senderId !== meId && mentionsPerson(body, meId);
  return (
    <div
      {...attributes(row)}
      data-mentioned={mentioned || undefined}
      data-lit={lit || undefined}
      tabIndex={active ? 0 : -1}
      onPointerEnter={(event) => event.pointerType === 'mouse' && setNear(true)}
      onPointerLeave={() => setNear(false)}
      className={cn(
        '-outline-offset-2 group relative flex gap-3 px-4 pb-0.5 md:px-5 pointer-coarse:select-none',
        row.head ? 'pt-2.5' : 'pt-0.5',
        editing ? 'bg-accent-soft' : (near || menuOpen) && 'bg-hover',
        lit && 'message-lit',
        mentioned && !editing && 'border-mention border-l-3 bg-mention-soft pl-[0.8125rem] md:pl-[1.0625rem]',
      )}
    >
      <div className="w-9 shrink-0">
        {row.head ? (
          <Avatar
            id={row.senderId}
            name={name}
            className="mt-0.5 [&>span:first-child]:size-9 [&>span:first-child]:text-sm"
          />
        ) : (
          <Time
            at={row.at}
            className="block pt-[0.1875rem] text-right text-[0.6875rem] opacity-0 group-hover:opacity-100 group-focus-visible:opacity-100"
          />
        )}
      </div>
      <div className="min-w-0 flex-1">
        {row.head && (
          <div className="flex min-w-0 items-baseline gap-2">
            <span className="truncate font-semibold text-md" dir="auto">
              {name}
            </span>
            <Time at={row.at} className="shrink-0" />
          </div>
        )}
        <div
          className={cn(
            'transition-opacity duration-200',
            unsent && unsent.state !== 'failed' && 'opacity-60',
          )}
        >
          {body === null ? (
            <Recalled mine={row.senderId === meId} />
          ) : (
            <MessageBody id={row.key} body={body} edited={Boolean(message?.editedAt)} />
          )}
          {message?.editedAt && body !== null ? (
            <EditedMark message={message} editedAt={message.editedAt} />
          ) : null}
        </div>
        {unsent?.state === 'failed' && <FailedNote unsent={unsent} />}
      </div>
      <div className="flex min-w-4 shrink-0 justify-end">
        {unsent && (
          <span className="pt-1">
            <StatusIcon state={unsent.state} />
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
  lit: boolean;
  /** Who has read up to here and no further. */
  readers: readonly string[] | undefined;
}

const same = (a: MessageRowProps, b: MessageRowProps) =>
  a.active === b.active &&
  a.editing === b.editing &&
  a.lit === b.lit &&
  a.readers === b.readers &&
  a.row.key === b.row.key &&
  a.row.message === b.row.message &&
  a.row.unsent === b.row.unsent &&
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
      {row.message?.system ? (
        <SystemRow row={row} message={row.message} {...line} />
      ) : (
        <TextRow row={row} editing={editing} {...line} />
      )}
    </>
  );
}, same);
