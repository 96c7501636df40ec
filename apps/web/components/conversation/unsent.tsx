'use client';

import { Copy, Trash2 } from 'lucide-react';
import { useId } from 'react';
import { useNamed } from '@/components/people/mention-names.ts';
import { Button } from '@/components/ui/button.tsx';
import { useTranslations } from '@/i18n/use-translations.ts';
import { useEngine, useMessageChanges, useOutbox, useSync } from '@/lib/sync/index.ts';
import { useCopyText } from './use-copy-text.ts';

/** What was written there and was not sent: shown where the conversation itself cannot be, so that it is not lost. */
export const Unsent = ({ conversationId }: { conversationId: string }) => {
  const t = useTranslations('conversation.gone');
  const engine = useEngine();
  const outbox = useOutbox(conversationId);
  const titleId = useId();
  const draft = useSync((state) => state.drafts.get(conversationId)?.text ?? '');
  const edits = useMessageChanges(conversationId).filter((change) => change.name === 'edit');
  if (outbox.length + edits.length === 0 && draft.trim() === '') return null;
  return (
    <section aria-labelledby={titleId} data-testid="unsent" className="mt-10 w-full max-w-md text-left">
      <h3 id={titleId} className="mb-2 font-semibold text-ink-muted text-sm">
        {t('unsent')}
      </h3>
      <ul className="divide-y divide-line rounded-lg border border-line">
        {outbox.map(({ clientId, body }) => (
          <UnsentText key={clientId} body={body} onDelete={() => engine.discard(clientId)} />
        ))}
        {edits.map(({ id, args }) => (
          <UnsentText key={id} body={args.body} onDelete={() => engine.discard(id)} />
        ))}
        {draft.trim() !== '' && (
          <UnsentText body={draft} onDelete={() => engine.setDraft(conversationId, '')} />
        )}
      </ul>
    </section>
  );
};

const UnsentText = ({ body, onDelete }: { body: string; onDelete: () => void }) => {
  const t = useTranslations('conversation.message');
  const copy = useCopyText();
  const text = useNamed(body);
  return (
    <li className="flex items-start gap-1 py-2 pr-2 pl-3" data-testid="unsent-text">
      <p
        className="min-w-0 flex-1 whitespace-pre-wrap py-1 max-md:py-2.5 [overflow-wrap:anywhere]"
        dir="auto"
      >
        {text}
      </p>
      <Button variant="ghost" size="icon-sm" aria-label={t('copy')} onClick={() => copy(text, t('copied'))}>
        <Copy aria-hidden className="size-4" />
      </Button>
      <Button variant="ghost" size="icon-sm" aria-label={t('delete')} onClick={onDelete}>
        <Trash2 aria-hidden className="size-4" />
      </Button>
    </li>
  );
};
