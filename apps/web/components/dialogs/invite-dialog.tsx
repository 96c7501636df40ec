'use client';

import type { Invitation, WorkspaceStatus } from '@lockstep/protocol';
import { Globe, Mail } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { api } from '@/lib/api.ts';
import { Choice } from '../ui/choice.tsx';
import { DialogContent } from '../ui/dialog.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { FormError } from './form-error.tsx';
import { InviteForm } from './invite-form.tsx';
import { InviteRow } from './invite-row.tsx';
import { useAction } from './use-action.ts';

/** For admins of the workspace: who may sign up, and the links that let people in. */
export function InviteDialog() {
  const t = useTranslations('shell');
  const { busy, error, run } = useAction();
  const [mode, setMode] = useState<WorkspaceStatus['signUp'] | null>(null);
  const [invitations, setInvitations] = useState<readonly Invitation[] | null>(null);

  const load = useCallback(
    () =>
      run(async () => {
        const [status, list] = await Promise.all([
          api.workspace.status.query(),
          api.invitations.list.query(),
        ]);
        setMode(status.signUp);
        setInvitations(list);
      }),
    [run],
  );
  useEffect(() => void load(), [load]);

  const choose = async (next: WorkspaceStatus['signUp']) => {
    const was = mode;
    setMode(next);
    if (!(await run(() => api.workspace.setSignUp.mutate({ mode: next })))) setMode(was);
  };

  return (
    <DialogContent title={t('invitePeople')} description={t('inviteText')}>
      <div className="flex flex-col gap-5">
        <FormError text={error} />
        <section className="flex flex-col gap-2">
          <h3 className="font-medium text-sm">{t('signUpMode')}</h3>
          {mode === null ? (
            <Skeleton className="h-20 rounded-md" />
          ) : (
            <Choice
              label={t('signUpMode')}
              value={mode}
              onChange={(next) => void choose(next)}
              disabled={busy}
              options={[
                { value: 'open', title: t('signUpOpen'), text: t('signUpOpenText'), icon: Globe },
                {
                  value: 'invitation',
                  title: t('signUpInvitation'),
                  text: t('signUpInvitationText'),
                  icon: Mail,
                },
              ]}
            />
          )}
        </section>
        <InviteForm onCreated={() => void load()} />
        <section className="flex flex-col gap-1">
          <h3 className="font-medium text-sm">{t('inviteActive')}</h3>
          {invitations === null ? (
            <Skeleton className="h-11 rounded-md" />
          ) : invitations.length === 0 ? (
            <p className="py-2 text-ink-subtle text-sm">{t('inviteNone')}</p>
          ) : (
            <ul className="divide-y divide-line">
              {invitations.map((invitation) => (
                <InviteRow
                  key={invitation.id}
                  invitation={invitation}
                  onRevoked={() =>
                    setInvitations((was) => was?.filter((each) => each.id !== invitation.id) ?? null)
                  }
                />
              ))}
            </ul>
          )}
        </section>
      </div>
    </DialogContent>
  );
}
