'use client';

import type { Person } from '@lockstep/protocol';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Tag } from '../ui/badge.tsx';
import { PersonAvatar } from './person-avatar.tsx';

interface PersonLabelProps {
  person: Person;
  me: boolean;
  /** A second line. */
  note?: ReactNode;
  presence?: boolean;
}

/** Avatar and name in a row, with "you" and the mark of a placeholder. */
export function PersonLabel({ person, me, note, presence = true }: PersonLabelProps) {
  const t = useTranslations('common');
  return (
    <>
      <PersonAvatar
        userId={person.id}
        name={person.name}
        presence={presence && !person.placeholder}
        size="sm"
      />
      <span className="min-w-0 flex-1">
        <span className="flex items-center gap-2">
          <span className="truncate" dir="auto">
            {person.name}
          </span>
          {me && <span className="shrink-0 text-ink-subtle text-sm">({t('you')})</span>}
          {person.placeholder && <Tag title={t('placeholderHint')}>{t('placeholder')}</Tag>}
        </span>
        {note && <span className="block truncate text-ink-subtle text-sm">{note}</span>}
      </span>
    </>
  );
}
