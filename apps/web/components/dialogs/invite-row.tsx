'use client';

import type { Invitation } from '@lockstep/protocol';
import { Link } from 'lucide-react';
import { useLocale } from 'next-intl';
import { toast } from 'sonner';
import { useTranslations } from '@/i18n/use-translations.ts';
import { api } from '@/lib/api.ts';
import { dateFormat } from '@/lib/date-format.ts';
import { useMe } from '@/lib/me.tsx';
import { usePerson } from '@/lib/sync/index.ts';
import { Button } from '../ui/button.tsx';
import { useAction } from './use-action.ts';

export function InviteRow({ invitation, onRevoked }: { invitation: Invitation; onRevoked: () => void }) {
  const t = useTranslations('shell');
  const locale = useLocale();
  const { me } = useMe();
  const claimed = usePerson(invitation.claims ?? me.id);
  const { busy, run } = useAction({ toastErrors: true });
  const date = dateFormat(locale, { month: 'short', day: 'numeric' });
  const revoke = async () => {
    if (await run(() => api.invitations.revoke.mutate({ invitationId: invitation.id }))) {
      toast.success(t('inviteRevoked'));
      onRevoked();
    }
  };
  return (
    <li className="flex min-h-12 items-center gap-3">
      <Link aria-hidden className="size-4 shrink-0 text-ink-subtle" />
      <p className="min-w-0 flex-1 truncate text-sm">
        {t('inviteUsesLeft', { uses: invitation.usesLeft })}
        {invitation.claims && claimed && ` · ${t('inviteClaims', { name: claimed.name })}`}
        <span className="text-ink-subtle">
          {' · '}
          {t('inviteExpires', { date: date.format(invitation.expiresAt) })}
        </span>
      </p>
      <Button variant="danger-ghost" size="sm" busy={busy} onClick={() => void revoke()}>
        {t('inviteRevoke')}
      </Button>
    </li>
  );
}
