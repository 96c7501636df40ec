'use client';

import type { InboxEntry } from '@lockstep/protocol';
import { UserPlus } from 'lucide-react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { allowedIn } from '@/lib/allowed.ts';
import { useDialogs } from '@/lib/dialogs.tsx';
import { Button } from '../ui/button.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { FormError } from './form-error.tsx';
import { MemberRow } from './member-row.tsx';
import { useMembers } from './use-members.ts';

const RANK = { owner: 0, admin: 1, member: 2 } as const;

/** Owners and admins first, then by name, of the pages that are loaded. */
export function MemberList({ entry }: { entry: InboxEntry }) {
  const t = useTranslations('shell');
  const common = useTranslations('common');
  const errors = useTranslations('errors');
  const { show } = useDialogs();
  const { conversation } = entry;
  const { members, loading, more, error, loadMore, reload } = useMembers(conversation.id);
  const sorted = [...members].sort(
    (a, b) => RANK[a.role] - RANK[b.role] || a.person.name.localeCompare(b.person.name),
  );
  return (
    <section aria-label={t('memberList')} className="px-3 py-4">
      <div className="mb-1 flex h-8 items-center justify-between px-2">
        <h3 className="font-semibold text-ink-subtle text-xs">
          {common('members', { count: conversation.memberCount })}
        </h3>
        {allowedIn(entry).addMembers && (
          <Button
            variant="ghost"
            size="sm"
            className="-mr-2 text-accent-ink hover:text-accent-ink"
            onClick={() => show({ type: 'addPeople', conversationId: conversation.id })}
          >
            <UserPlus aria-hidden className="size-4" />
            {t('addPeople')}
          </Button>
        )}
      </div>
      {error && (
        <div className="flex flex-col items-start gap-2 px-2 py-2">
          <FormError text={errors(error)} />
          <Button size="sm" onClick={reload}>
            {common('tryAgain')}
          </Button>
        </div>
      )}
      {loading && members.length === 0 && (
        <div aria-hidden>
          {['w-32', 'w-24', 'w-28'].map((width) => (
            <div key={width} className="flex h-11 items-center gap-3 px-2">
              <Skeleton className="size-7" />
              <Skeleton className={`h-3 ${width}`} />
            </div>
          ))}
        </div>
      )}
      <ul>
        {sorted.map((member) => (
          <MemberRow key={member.userId} entry={entry} member={member} onChanged={reload} />
        ))}
      </ul>
      {more && (
        <div className="flex justify-center pt-2">
          <Button size="sm" busy={loading} onClick={loadMore}>
            {common('loadMore')}
          </Button>
        </div>
      )}
    </section>
  );
}
