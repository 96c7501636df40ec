'use client';

import type { ManagedPerson, ResetLink } from '@lockstep/protocol';
import { useFormatter } from 'next-intl';
import { useEffect, useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from '@/i18n/use-translations.ts';
import { api } from '@/lib/api.ts';
import { useAction } from '../dialogs/use-action.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { DialogContent, DialogRoot } from '../ui/dialog.tsx';
import { Input } from '../ui/input.tsx';

export type PersonAction =
  | 'makeAdmin'
  | 'removeAdmin'
  | 'deactivate'
  | 'reactivate'
  | 'signOut'
  | 'resetLink';

const DANGER: readonly PersonAction[] = ['deactivate', 'signOut'];

interface PersonDialogsProps {
  asked: { person: ManagedPerson; action: PersonAction } | null;
  onClose: () => void;
  onChanged: () => Promise<void>;
}

/** Confirms each action on a person, and shows a new password link once. */
export function PersonDialogs({ asked, onClose, onChanged }: PersonDialogsProps) {
  const t = useTranslations('admin.people');
  const { run } = useAction({ toastErrors: true });
  const [link, setLink] = useState<(ResetLink & { name: string }) | null>(null);
  // Keep the texts while the dialog closes.
  const [shown, setShown] = useState(asked);
  useEffect(() => {
    if (asked) setShown(asked);
  }, [asked]);
  const { person, action } = asked ?? shown ?? {};
  const name = person?.name ?? '';

  const act = async ({ id: userId }: ManagedPerson, what: PersonAction) => {
    switch (what) {
      case 'makeAdmin':
      case 'removeAdmin':
        return api.admin.setPersonRole.mutate({ userId, role: what === 'makeAdmin' ? 'admin' : 'member' });
      case 'deactivate':
      case 'reactivate':
        return api.admin.setPersonActive.mutate({ userId, active: what === 'reactivate' });
      case 'signOut':
        return api.admin.endPersonSessions.mutate({ userId });
      case 'resetLink':
        return setLink({ ...(await api.admin.makeResetLink.mutate({ userId })), name });
    }
  };
  const confirm = async () => {
    if (!person || !action) return;
    const done = await run(() => act(person, action));
    if (done && action !== 'resetLink') toast.success(t(`done.${action}`, { name }));
    // Also after a failure: it may have changed in the meantime.
    await onChanged();
    return undefined;
  };
  return (
    <>
      <ConfirmDialog
        open={asked !== null}
        onOpenChange={(open) => !open && onClose()}
        title={action ? t(`ask.${action}.title`, { name }) : ''}
        description={action ? t(`ask.${action}.text`) : ''}
        confirmLabel={action ? t(action) : ''}
        danger={action !== undefined && DANGER.includes(action)}
        onConfirm={confirm}
      />
      <LinkDialog link={link} onClose={() => setLink(null)} />
    </>
  );
}

function LinkDialog({ link, onClose }: { link: (ResetLink & { name: string }) | null; onClose: () => void }) {
  const t = useTranslations('admin.people');
  const format = useFormatter();
  const [shown, setShown] = useState(link);
  useEffect(() => {
    if (link) setShown(link);
  }, [link]);
  if (!shown) return null;
  const url = `${window.location.origin}/reset/${shown.code}`;
  return (
    <DialogRoot open={link !== null} onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        title={t('linkTitle', { name: shown.name })}
        description={t('linkText', {
          until: format.dateTime(shown.expiresAt, { dateStyle: 'medium', timeStyle: 'short' }),
        })}
      >
        <div className="flex gap-2">
          <Input
            readOnly
            data-testid="reset-link"
            aria-label={t('resetLink')}
            value={url}
            onFocus={(event) => event.target.select()}
            className="min-w-0 flex-1"
          />
          <CopyButton text={url} />
        </div>
        <p className="mt-2 text-ink-subtle text-sm">{t('linkOnce')}</p>
      </DialogContent>
    </DialogRoot>
  );
}
