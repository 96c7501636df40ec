'use client';

import { Pencil, X } from 'lucide-react';
import { useReadable } from '@/components/people/mention-names.ts';
import { Button } from '@/components/ui/button.tsx';
import { IconButton } from '@/components/ui/icon-button.tsx';
import { useTranslations } from '@/i18n/use-translations.ts';
import { useMe } from '@/lib/me.tsx';
import type { EditedText } from './use-edited-text.ts';

/** Above the text of a message that is being edited; shows what another device has made of it meanwhile. */
export const EditStrip = ({ edit, onLeave }: { edit: EditedText; onLeave: () => void }) => {
  const t = useTranslations('conversation.composer');
  const { me } = useMe();
  return (
    <div className="border-line border-b">
      <div className="flex items-center gap-2 py-1 pr-1 pl-3 text-accent-ink text-sm">
        <Pencil aria-hidden className="size-3.5" />
        <span className="flex-1">
          <span className="font-medium">{t('editing')}</span>{' '}
          {/* On a phone below it, in small: whoever edits has to know that the earlier text stays. */}
          <span data-testid="versions-kept" className="text-ink-subtle max-md:block max-md:text-xs">
            {t('versionsKept', { readers: me.earlierTexts })}
          </span>
        </span>
        <IconButton label={t('cancelEdit')} shortcut="Esc" side="top" size="icon-sm" onClick={onLeave}>
          <X aria-hidden className="size-4" />
        </IconButton>
      </div>
      {edit.newerText !== null && <NewerText body={edit.newerText} edit={edit} />}
    </div>
  );
};

const NewerText = ({ body, edit }: { body: string; edit: EditedText }) => {
  const t = useTranslations('conversation.composer');
  const text = useReadable(body);
  return (
    <div role="status" data-testid="edit-conflict" className="flex flex-col gap-2 px-3 pb-2.5 text-sm">
      <p className="text-warning-ink">{t('editedElsewhere')}</p>
      <p className="scroll-quiet max-h-24 whitespace-pre-wrap border-line-strong border-l-2 pl-3 [overflow-wrap:anywhere]">
        {text}
      </p>
      <div className="flex flex-wrap gap-2">
        <Button size="sm" onClick={() => edit.resolve('take')}>
          {t('useTheirs')}
        </Button>
        <Button size="sm" onClick={() => edit.resolve('keep')}>
          {t('keepMine')}
        </Button>
      </div>
    </div>
  );
};
