'use client';

import './conversation.css';
import { type InboxEntry, isRecalled, type Message } from '@lockstep/protocol';
import { changesOf } from '@lockstep/sync';
import { type Ref, type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useConversationTitle } from '@/components/inbox/use-conversation-title.ts';
import { useNameOf, useReadable, withNames } from '@/components/people/mention-names.ts';
import { AppLink } from '@/components/ui/app-link.tsx';
import { Button } from '@/components/ui/button.tsx';
import { ConfirmDialog } from '@/components/ui/confirm-dialog.tsx';
import { useTranslations } from '@/i18n/use-translations.ts';
import { isolated } from '@/lib/isolated.ts';
import { KeptEdits } from '@/lib/kept-edits.ts';
import { useMe } from '@/lib/me.tsx';
import { conversationPath, messagePath } from '@/lib/navigation.ts';
import { copyOf } from '@/lib/reading.ts';
import { useEngine, useMessageChanges, useOutbox, useSync, useTimeline } from '@/lib/sync/index.ts';
import { DateJump, type DateRequest } from './calendar/date-jump.tsx';
import { Composer, type ComposerHandle } from './composer/composer.tsx';
import { type ConversationActions, ConversationProvider, canEdit, useConversation } from './context.tsx';
import { BackButton, ConversationHeader } from './header.tsx';
import { useConversationHost } from './host.tsx';
import { StartMarker } from './timeline/marks.tsx';
import { Notice, TimelineSkeleton } from './timeline/states.tsx';
import { Timeline, type TimelineHandle } from './timeline/timeline.tsx';
import { useOpening } from './timeline/use-opening.ts';
import type { Opening } from './timeline/view-positions.ts';
import { Unsent } from './unsent.tsx';
import { useCopyText } from './use-copy-text.ts';

/**
 * One conversation: header, messages, composer. It is remounted for each conversation, so that no state remains. A
 * page may show several; the ConversationHost describes the page around one. Two views of one conversation share its
 * window.
 */
export const ConversationView = ({ conversationId }: { conversationId: string }) => (
  <Conversation key={conversationId} conversationId={conversationId} />
);

const Conversation = ({ conversationId }: { conversationId: string }) => {
  const entry = useSync((state) => state.inbox.get(conversationId));
  const caughtUp = useSync((state) => state.caughtUp);
  const timeline = useTimeline(conversationId);
  const engine = useEngine();
  const { link } = useConversationHost();
  const { opening, state } = useOpening(conversationId, entry, link.seq);
  useEffect(() => engine.hold(conversationId), [engine, conversationId]);
  const wasMember = useRef(false);
  if (entry) wasMember.current = true;

  if (entry && state === 'missing') return <Gone reason="noMessage" conversationId={conversationId} />;
  if (entry && opening) return <Open entry={entry} opening={opening} ready={state === 'ready'} />;
  if (wasMember.current) return <Gone reason="removed" conversationId={conversationId} />;
  if (caughtUp || timeline?.error === 'not_found')
    return <Gone reason="notFound" conversationId={conversationId} />;
  return (
    <section className="flex min-h-0 min-w-0 flex-1 flex-col bg-surface">
      <div className="flex h-14 shrink-0 items-center border-line border-b px-4">
        <BackButton />
      </div>
      <div className="relative flex-1">
        <TimelineSkeleton />
      </div>
    </section>
  );
};

interface GoneProps {
  reason: 'removed' | 'notFound' | 'noMessage';
  conversationId: string;
}

const Gone = ({ reason, conversationId }: GoneProps) => {
  const t = useTranslations('conversation.gone');
  return (
    <section
      className="flex min-h-0 min-w-0 flex-1 flex-col bg-surface"
      data-testid="conversation-gone"
      data-reason={reason}
    >
      <Notice
        title={t(reason)}
        text={t(`${reason}Text`)}
        below={reason !== 'noMessage' && <Unsent conversationId={conversationId} />}
      >
        {reason === 'noMessage' && (
          <Button asChild variant="primary">
            <AppLink href={conversationPath(conversationId)}>{t('openConversation')}</AppLink>
          </Button>
        )}
      </Notice>
    </section>
  );
};

interface OpenProps {
  entry: InboxEntry;
  opening: Opening;
  /** Whether the window is where it opens. */
  ready: boolean;
}

const Open = ({ entry, opening, ready }: OpenProps) => {
  const t = useTranslations('conversation');
  const engine = useEngine();
  const { me } = useMe();
  const conversationId = entry.conversation.id;
  const timeline = useTimeline(conversationId);
  const title = useConversationTitle(entry) ?? '';
  const { link } = useConversationHost();
  const view = useRef<HTMLElement>(null);
  const composer = useRef<ComposerHandle>(null);
  const [editing, setEditing] = useState<Message | null>(null);
  const [recalling, setRecalling] = useState<Message | null>(null);
  const shown = useRecallText(recalling);

  // The values at opening, so that the "new messages" line does not move.
  const [opened] = useState({
    readSeq: entry.readSeq,
    headSeq: entry.conversation.headSeq,
    unread: entry.unread,
  });

  const handle = useRef<TimelineHandle>(null);
  const [dateRequest, setDateRequest] = useState<DateRequest | null>(null);
  const openedAt = opening.at === 'message' ? opening.seq : null;
  useLinkedMessage(link, openedAt, ready && (timeline?.messages.length ?? 0) > 0, handle);

  const copy = useCopyText();
  const nameOf = useNameOf();
  /** Read from the engine, not from the last render, which may be outdated. */
  const refusedEdit = useCallback(
    (seq: number | undefined) =>
      changesOf(engine.getState(), conversationId).find(
        (change) => change.name === 'edit' && change.state === 'failed' && change.args.target.seq === seq,
      ),
    [engine, conversationId],
  );
  /** With the text that was refused, where there is one, beside what the message says by now. */
  const edit = useCallback(
    (message: Message) => {
      const refused = refusedEdit(message.seq);
      if (refused?.name === 'edit') {
        const { body: text, baseEditedAt: editedAt = message.editedAt } = refused.args;
        const base = { body: '', editedAt };
        new KeptEdits(me.id, conversationId).keep({ seq: message.seq, text, base, at: Date.now() });
      }
      setEditing(message);
    },
    [refusedEdit, me.id, conversationId],
  );
  const actions = useMemo(
    (): ConversationActions => ({
      copy: (body) => copy(withNames(copyOf(body), nameOf), t('message.copied')),
      copyLink: ({ seq }) =>
        copy(window.location.origin + messagePath(conversationId, seq), t('header.linkCopied')),
      pickDate: (anchor, day) => setDateRequest({ anchor, day }),
      edit,
      recall: setRecalling,
      retry: (id) => engine.retry(id),
      discard: (id) => engine.discard(id),
      focusComposer: () => composer.current?.focus(),
    }),
    [engine, t, copy, nameOf, conversationId, edit],
  );
  const value = useMemo(() => ({ entry, meId: me.id, title, actions, view }), [entry, me.id, title, actions]);

  // Someone else's device may recall what is being edited here.
  const current = editing ? (timeline?.messages.find((m) => m.seq === editing.seq) ?? editing) : null;
  // An edit that was begun before and not saved goes on.
  const { messages } = timeline ?? {};
  const [resumed, setResumed] = useState(false);
  if (!resumed && messages && messages.length > 0) {
    setResumed(true);
    const seq = new KeptEdits(me.id, conversationId).latest()?.seq;
    const message = messages.find((each) => each.seq === seq);
    if (message && canEdit(message, me.id)) setEditing(message);
  }

  const editLast = () => {
    const last = timeline?.messages.findLast((message) => canEdit(message, me.id));
    if (last) edit(last);
  };
  const save = async (message: Message, body: string, baseEditedAt: number | null) => {
    savedHere.current.add(message.seq);
    await engine.edit(conversationId, message.seq, body, baseEditedAt);
    return true;
  };
  const recall = async () => {
    if (recalling) await engine.recall(conversationId, recalling.seq);
    return true;
  };

  // An edit that met another device's text goes on where it was made: both are shown.
  const savedHere = useRef(new Set<number>());
  const changes = useMessageChanges(conversationId);
  useEffect(() => {
    if (editing) return;
    for (const change of changes) {
      const { seq } = change.args.target;
      if (seq === null || change.error !== 'conflict' || !savedHere.current.delete(seq)) continue;
      const message = messages?.find((each) => each.seq === seq);
      if (message && canEdit(message, me.id)) edit(message);
    }
  }, [changes, editing, messages, edit, me.id]);
  /** Whoever leaves it has decided against the text that was refused; a recalled message still holds it. */
  const endEdit = () => {
    setEditing(null);
    const refused = refusedEdit(editing?.seq);
    if (refused && !(current && isRecalled(current))) engine.discard(refused.id);
  };

  return (
    <ConversationProvider value={value}>
      <section
        ref={view}
        aria-label={title}
        className="relative flex min-h-0 min-w-0 flex-1 flex-col bg-surface print:block"
        data-testid="conversation"
        data-conversation-id={conversationId}
      >
        <ConversationHeader />
        <Messages
          conversationId={conversationId}
          editingKey={editing ? `${editing.senderId}:${editing.clientId}` : null}
          opened={opened}
          opening={opening}
          ready={ready}
          handle={handle}
        />
        <DateJump request={dateRequest} onClose={() => setDateRequest(null)} timeline={handle} />
        <Composer ref={composer} editing={current} onEditLast={editLast} onEditEnd={endEdit} onSave={save} />
      </section>
      <ConfirmDialog
        open={recalling !== null}
        onOpenChange={(open) => !open && setRecalling(null)}
        title={t('recall.title')}
        description={
          <>
            {t('recall.text')}
            <span className="mt-3 line-clamp-3 whitespace-pre-line border-line-strong border-l-2 pl-3 text-ink [overflow-wrap:anywhere]">
              {shown}
            </span>
          </>
        }
        confirmLabel={t('recall.confirm')}
        danger
        onConfirm={recall}
      />
    </ConversationProvider>
  );
};

interface MessagesProps {
  conversationId: string;
  editingKey: string | null;
  opened: { readSeq: number; headSeq: number; unread: number };
  opening: Opening;
  ready: boolean;
  handle: Ref<TimelineHandle>;
}

/** The messages, or what stands in their place until there are some. */
const Messages = ({ conversationId, editingKey, opened, opening, ready, handle }: MessagesProps) => {
  const t = useTranslations('conversation');
  const errors = useTranslations('errors');
  const engine = useEngine();
  const timeline = useTimeline(conversationId);
  const outbox = useOutbox(conversationId);
  const { title } = useConversation();
  if (
    timeline &&
    ready &&
    (timeline.messages.length > 0 || (outbox.length > 0 && !timeline.loading && !timeline.error))
  ) {
    return (
      <Timeline ref={handle} timeline={timeline} opening={opening} opened={opened} editingKey={editingKey} />
    );
  }
  if (timeline?.error) {
    const retry = () => void engine.open(conversationId);
    return <Notice title={t('gone.failed')} text={errors(timeline.error)} onRetry={retry} />;
  }
  if (!timeline || !ready || timeline.loading || timeline.rev === 0) {
    return (
      <div className="relative min-h-0 flex-1" data-testid="timeline-loading">
        <TimelineSkeleton />
      </div>
    );
  }
  const send = () => engine.send(conversationId, '👋');
  return (
    <div className="scroll-quiet flex min-h-0 flex-1 flex-col justify-end" data-testid="timeline-empty">
      <StartMarker />
      <div className="px-4 pb-6 md:px-5">
        <Button onClick={send} aria-label={`${t('empty.hello')}: ${isolated(title)}`}>
          {t('empty.wave')}
        </Button>
      </div>
    </div>
  );
};

/** A link to a message of the conversation that is shown already: goes there, each time it is followed. */
const useLinkedMessage = (
  link: { seq: number | null; visit: number },
  openedAt: number | null,
  ready: boolean,
  handle: RefObject<TimelineHandle | null>,
) => {
  const done = useRef<typeof link | null>(null);
  useEffect(() => {
    if (!ready || done.current === link) return;
    const first = done.current === null;
    done.current = link;
    if (link.seq === null) return;
    if (first && link.seq === openedAt) handle.current?.light(link.seq);
    else handle.current?.show(link.seq);
  }, [link, openedAt, ready, handle]);
};

/** The text in the question stays while the dialog closes. */
const useRecallText = (recalling: Message | null): string => {
  const last = useRef('');
  if (recalling?.body) last.current = recalling.body.slice(0, 400);
  return useReadable(last.current);
};
