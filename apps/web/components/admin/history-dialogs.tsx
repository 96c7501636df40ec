'use client';

import type { ErrorCode, HistoryContext, MessageHistory } from '@lockstep/protocol';
import { useFormatter } from 'next-intl';
import { Fragment, type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { api } from '@/lib/api.ts';
import { breakable } from '@/lib/breakable.tsx';
import { errorOf } from '@/lib/error-of.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { DialogContent, DialogRoot } from '../ui/dialog.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { diffVersions } from './diff.ts';
import { HitRow } from './hit-row.tsx';

export interface MessageRef {
  conversationId: string;
  seq: number;
}

interface Opened {
  message: MessageRef;
  reason: string;
  onClose: () => void;
}

/** Loads the server's answer, and reloads it on demand. */
const useAuditedRead = <T,>(ask: () => Promise<T>) => {
  const [answer, setAnswer] = useState<T | null>(null);
  const [error, setError] = useState<ErrorCode | null>(null);
  const load = useCallback(async () => {
    setError(null);
    try {
      setAnswer(await ask());
    } catch (thrown) {
      setError(errorOf(thrown).code);
    }
  }, [ask]);
  useEffect(() => void load(), [load]);
  return { answer, error, load };
};

function Waiting({ error, onRetry }: { error: ErrorCode | null; onRetry: () => void }) {
  const errors = useTranslations('errors');
  const common = useTranslations('common');
  if (error)
    return (
      <div role="alert" className="flex flex-col items-start gap-3 p-5">
        <p className="text-ink-muted">{errors(error)}</p>
        <Button onClick={onRetry}>{common('tryAgain')}</Button>
      </div>
    );
  return (
    <div role="status" aria-label={common('loading')} className="space-y-3 p-5">
      <Skeleton className="h-4 w-40" />
      <Skeleton className="h-4 w-72" />
    </div>
  );
}

function Frame({ title, onClose, children }: { title: string; onClose: () => void; children: ReactNode }) {
  // Opened by state, not by a trigger, so the earlier focus has to be remembered.
  const returnFocus = useRef(document.activeElement as HTMLElement | null);
  return (
    <DialogRoot open onOpenChange={(open) => !open && onClose()} returnFocus={returnFocus}>
      <DialogContent title={title} className="max-w-2xl">
        {children}
      </DialogContent>
    </DialogRoot>
  );
}

/** Every text of a message with what was changed, and who could see it from when until when. */
export function VersionsDialog({ message, reason, onClose }: Opened) {
  const t = useTranslations('admin');
  const format = useFormatter();
  const ask = useCallback(
    (): Promise<MessageHistory> => api.admin.versions.mutate({ ...message, reason }),
    [message, reason],
  );
  const { answer, error, load } = useAuditedRead(ask);
  const diffs = useMemo(() => diffVersions(answer?.versions.map(({ body }) => body) ?? []), [answer]);
  const when = (at: number) => format.dateTime(at, { dateStyle: 'medium', timeStyle: 'medium' });
  const common = useTranslations('common');
  const nameOf = (id: string) => answer?.people.find((person) => person.id === id)?.name ?? common('someone');
  return (
    <Frame title={t('versionsTitle')} onClose={onClose}>
      {!answer ? (
        <Waiting error={error} onRetry={load} />
      ) : (
        <ol className="scroll-quiet -mx-5 max-h-[65dvh] divide-y divide-line">
          {answer.versions.map(({ version, createdAt, current, viewers, viewerCount }, i) => (
            <li key={version} data-testid="version" className="px-5 py-3">
              <p className="text-ink-subtle text-sm">
                {t('version', { version })} · {when(createdAt)}
                {current && ` · ${t('standsNow')}`}
              </p>
              <p dir="auto" className="mt-1 whitespace-pre-wrap text-md [overflow-wrap:anywhere]">
                {(diffs[i] ?? []).map(({ text, kind }, n) =>
                  kind === 'same' ? (
                    // biome-ignore lint/suspicious/noArrayIndexKey: pieces never move
                    <Fragment key={n}>{breakable(text)}</Fragment>
                  ) : kind === 'gone' ? (
                    // biome-ignore lint/suspicious/noArrayIndexKey: pieces never move
                    <del key={n} className="rounded-sm bg-danger-soft text-danger-ink">
                      {breakable(text)}
                    </del>
                  ) : (
                    // biome-ignore lint/suspicious/noArrayIndexKey: pieces never move
                    <ins key={n} className="rounded-sm bg-accent-soft text-accent-ink no-underline">
                      {breakable(text)}
                    </ins>
                  ),
                )}
              </p>
              <details className="mt-2">
                <summary className="text-ink-muted text-sm">{t('couldSee', { count: viewerCount })}</summary>
                <ul className="mt-1.5 space-y-1.5">
                  {viewers.map(({ userId, from, until }) => (
                    <li key={`${userId} ${from}`} className="flex items-center gap-2 text-sm">
                      <Avatar id={userId} name={nameOf(userId)} size="xs" />
                      <span className="font-medium">{nameOf(userId)}</span>
                      <span className="text-ink-subtle">
                        {until === null
                          ? t('since', { from: when(from) })
                          : t('fromUntil', { from: when(from), until: when(until) })}
                      </span>
                    </li>
                  ))}
                </ul>
              </details>
            </li>
          ))}
          {answer.message.recalledAt !== null && (
            <li className="px-5 py-3 text-danger-ink text-sm">
              {t('recalledAt', { when: when(answer.message.recalledAt) })}
            </li>
          )}
        </ol>
      )}
    </Frame>
  );
}

/** Messages shown by one access to a conversation. */
const AROUND = 30;

/** The messages around a message, including recalled texts; each further page has its own audit row. */
export function ContextDialog({
  message,
  reason,
  onClose,
  onVersions,
}: Opened & { onVersions: (message: MessageRef) => void }) {
  const t = useTranslations('admin');
  const [pages, setPages] = useState<HistoryContext[]>([]);
  const [busy, setBusy] = useState<'before' | 'after' | null>(null);
  const [failed, setFailed] = useState<ErrorCode | null>(null);
  const errors = useTranslations('errors');
  const lookAt = useCallback(
    (seq: number): Promise<HistoryContext> =>
      api.admin.open.mutate({ conversationId: message.conversationId, seq, reason, limit: AROUND }),
    [message.conversationId, reason],
  );
  const ask = useCallback(() => lookAt(message.seq), [lookAt, message.seq]);
  const { answer, error, load } = useAuditedRead(ask);
  const all = answer ? [answer, ...pages] : [];
  const hits = [
    ...new Map(all.flatMap(({ messages }) => messages).map((hit) => [hit.message.seq, hit])).values(),
  ].sort((a, b) => a.message.seq - b.message.seq);
  const first = hits[0]?.message.seq ?? 1;
  const last = hits.at(-1)?.message.seq ?? 0;
  const names = answer && {
    people: new Map(all.flatMap(({ people }) => people).map((person) => [person.id, person])),
    conversations: new Map([[answer.conversation.id, answer.conversation]]),
    directs: { [answer.conversation.id]: answer.members },
  };
  const more = async (side: 'before' | 'after') => {
    setBusy(side);
    setFailed(null);
    try {
      // The server returns the same number on both sides.
      const middle = side === 'before' ? Math.max(1, first - AROUND / 2) : last + 1 + AROUND / 2;
      const page = await lookAt(middle);
      setPages((before) => [...before, page]);
    } catch (thrown) {
      setFailed(errorOf(thrown).code);
    } finally {
      setBusy(null);
    }
  };
  const further = (side: 'before' | 'after') => (
    <li className="flex justify-center px-5 py-2">
      <Button variant="ghost" size="sm" busy={busy === side} onClick={() => void more(side)}>
        {t(side === 'before' ? 'earlierMessages' : 'laterMessages')}
      </Button>
    </li>
  );
  return (
    <Frame title={answer?.conversation.title ?? t('context')} onClose={onClose}>
      {!answer || !names ? (
        <Waiting error={error} onRetry={load} />
      ) : (
        <>
          {failed && (
            <p role="alert" className="mb-2 text-danger-ink text-sm">
              {errors(failed)}
            </p>
          )}
          <ol data-testid="context" className="scroll-quiet -mx-5 max-h-[65dvh] divide-y divide-line">
            {first > 1 && further('before')}
            {hits.map((hit) => (
              <HitRow
                key={hit.message.seq}
                hit={hit}
                names={names}
                within
                target={hit.message.seq === message.seq}
                onVersions={() =>
                  onVersions({ conversationId: message.conversationId, seq: hit.message.seq })
                }
              />
            ))}
            {last < answer.conversation.headSeq && further('after')}
          </ol>
        </>
      )}
    </Frame>
  );
}
