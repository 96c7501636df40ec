'use client';

import type { Person } from '@lockstep/protocol';
import type { ReactNode } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { useNewest } from '@/lib/sync/index.ts';
import { PersonAvatar } from './person-avatar.tsx';
import { AdminTag, DeactivatedTag, LookAlikeTag, PlaceholderTag } from './person-tags.tsx';
import { useDistinguishingLabel } from './use-tell-apart.ts';

interface PersonLabelProps {
  person: Person;
  me: boolean;
  /** A second line. */
  note?: ReactNode;
  /** Behind the other marks. */
  tag?: ReactNode;
  presence?: boolean;
}

/** Avatar and name in a row, with "you" and the marks of admins, deactivated people, placeholders and names that look like others. */
export function PersonLabel({ person: listed, me, note, tag, presence = true }: PersonLabelProps) {
  const t = useTranslations('common');
  const person = useNewest(listed);
  const apart = useDistinguishingLabel()(person);
  return (
    <>
      <PersonAvatar
        userId={person.id}
        name={person.name}
        presence={presence && !person.placeholder}
        size="sm"
      />
      <span className="min-w-0 flex-1">
        <span className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
          <span className="min-w-0 truncate" dir="auto">
            {person.name}
          </span>
          {me && <span className="shrink-0 text-ink-subtle text-sm">({t('you')})</span>}
          {person.admin && !person.deactivated && <AdminTag />}
          {person.deactivated && <DeactivatedTag />}
          {apart && <LookAlikeTag />}
          {person.placeholder && <PlaceholderTag />}
          {tag}
        </span>
        {apart && <span className="block text-ink-subtle text-sm">{apart}</span>}
        {note && <span className="block truncate text-ink-subtle text-sm">{note}</span>}
      </span>
    </>
  );
}
