'use client';

import './conversation.css';
import type { InboxEntry, Message } from '@lockstep/protocol';
import { useTranslations } from 'next-intl';
import { useEffect, useMemo, useRef, useState } from 'react';
import { toast } from 'sonner';
import { useMe } from '@/components/shell/me-context.tsx';
import { useConversationTitle } from '@/components/shell/use-conversation-title.ts';
import { Button } from '@/components/ui/button.tsx';
import { ConfirmDialog } from '@/components/ui/confirm-dialog.tsx';
import { errorOf } from '@/lib/error-of.ts';
import { useEngine, useOutbox, useSync, useTimeline } from '@/lib/sync/index.ts';
import { Composer, type ComposerHandle } from './composer/composer.tsx';
import { type ConversationActions, ConversationProvider, canEdit, useConversation } from './context.tsx';
import { BackButton, ConversationHeader } from './header.tsx';
import { StartMarker } from './timeline/marks.tsx';
import { Notice, TimelineSkeleton } from './timeline/states.tsx';
import { Timeline } from './timeline/timeline.tsx';

/** One conversation: header, messages, composer. Mounted anew for each, so that nothing of the last one stays. */
export const ConversationView = ({ conversationId }: { conversationId: string }) => (
  <Conversation key={conversationId} conversationId={conversationId} />
);

const Conversation = ({ conversationId }: { conversationId: string }) => {
  const engine = useEngine();
  const entry = useSync((state) => state.inbox.get(conversationId));
  const caughtUp = useSync((state) => state.caughtUp);
  const timeline = useTimeline(conversationId);
  const wasMember = useRef(false);
  if (entry) wasMember.current = true;

  useEffect(() => {
    // The window may still be where one scrolled to the last time: a conversation opens at its newest message.
    const held = engine.getState().timelines.get(conversationId);
    void engine.open(conversationId);
    if (held?.hasAfter && held.messages.length > 0) void engine.jumpToNewest(conversationId);
  }, [engine, conversationId]);

  if (entry) return <Open entry={entry} />;
  if (wasMember.current) return <Gone reason="removed" />;
  if (caughtUp || timeline?.error === 'not_found') return <Gone reason="notFound" />;
  return (
    <main className="flex min-h-0 min-w-0 flex-1 flex-col bg-surface">
      <div className="flex h-14 shrink-0 items-center border-line border-b px-4">
        <BackButton />
      </div>
      <div className="relative flex-1">
        <TimelineSkeleton />
      </div>
    </main>
  );
};

const Gone = ({ reason }: { reason: 'removed' | 'notFound' }) => {
  const t = useTranslations('conversation.gone');
  return (
    <main className="flex min-h-0 min-w-0 flex-1 flex-col bg-surface" data-testid="conversation-gone">
      <Notice title={t(reason)} text={t(`${reason}Text`)} />
    </main>
  );
};

const Open = ({ entry }: { entry: InboxEntry }) => {
  const t = useTranslations('conversation');
  const engine = useEngine();
  const { me } = useMe();
  const conversationId = entry.conversation.id;
  const timeline = useTimeline(conversationId);
  const title = useConversationTitle(entry) ?? '…';
  const composer = useRef<ComposerHandle>(null);
  const [editing, setEditing] = useState<Message | null>(null);
  const [recalling, setRecalling] = useState<Message | null>(null);
  const shown = useRecallText(recalling);
  const failed = useFailureToast();

  // As they were on opening: the "new messages" line stays where it was.
  const [opened] = useState({ readSeq: entry.readSeq, headSeq: entry.conversation.headSeq });

  const actions = useMemo(
    (): ConversationActions => ({
      copy: (body) =>
        void navigator.clipboard.writeText(body).then(
          () => toast.success(t('message.copied')),
          () => toast.error(t('message.copyFailed')),
        ),
      edit: setEditing,
      recall: setRecalling,
      retry: (clientId) => engine.retry(clientId),
      discard: (clientId) => engine.discard(clientId),
      focusComposer: () => composer.current?.focus(),
    }),
    [engine, t],
  );
  const value = useMemo(() => ({ entry, meId: me.id, title, actions }), [entry, me.id, title, actions]);

  // Someone else's device may recall what is being edited here.
  const current = editing ? (timeline?.messages.find((m) => m.seq === editing.seq) ?? editing) : null;
  if (editing && current?.body === null) setEditing(null);

  const editLast = () => {
    const last = timeline?.messages.findLast((message) => canEdit(message, me.id));
    if (last) setEditing(last);
  };
  const save = async (message: Message, body: string) => {
    try {
      await engine.edit(conversationId, message.seq, body);
      return true;
    } catch (error) {
      failed(error);
      return false;
    }
  };
  const recall = async () => {
    if (!recalling) return true;
    try {
      await engine.recall(conversationId, recalling.seq);
      return true;
    } catch (error) {
      failed(error);
      return false;
    }
  };

  return (
    <ConversationProvider value={value}>
      <main
        className="relative flex min-h-0 min-w-0 flex-1 flex-col bg-surface"
        data-testid="conversation"
        data-conversation-id={conversationId}
      >
        <ConversationHeader />
        <Messages
          conversationId={conversationId}
          editingKey={editing ? `${editing.senderId}:${editing.clientId}` : null}
          opened={opened}
        />
        <Composer
          ref={composer}
          editing={editing}
          onEditLast={editLast}
          onEditEnd={() => setEditing(null)}
          onSave={save}
        />
      </main>
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
  opened: { readSeq: number; headSeq: number };
}

/** The messages, or what stands in their place until there are some. */
const Messages = ({ conversationId, editingKey, opened }: MessagesProps) => {
  const t = useTranslations('conversation');
  const errors = useTranslations('errors');
  const engine = useEngine();
  const timeline = useTimeline(conversationId);
  const outbox = useOutbox(conversationId);
  const { title } = useConversation();
  if (
    timeline &&
    (timeline.messages.length > 0 || (outbox.length > 0 && !timeline.loading && !timeline.error))
  ) {
    return <Timeline timeline={timeline} opened={opened} editingKey={editingKey} />;
  }
  if (timeline?.error) {
    const retry = () => void engine.open(conversationId);
    return <Notice title={t('gone.failed')} text={errors(timeline.error)} onRetry={retry} />;
  }
  if (!timeline || timeline.loading || timeline.rev === 0) {
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
        <Button onClick={send} aria-label={`${t('empty.hello')}: ${title}`}>
          {t('empty.wave')}
        </Button>
      </div>
    </div>
  );
};

/** The text in the question stays while the dialog closes. */
const useRecallText = (recalling: Message | null): string => {
  const last = useRef('');
  if (recalling?.body) last.current = recalling.body.slice(0, 400);
  return last.current;
};

const useFailureToast = (): ((error: unknown) => void) => {
  const errors = useTranslations('errors');
  return (error) => void toast.error(errors(errorOf(error).code));
};
