'use client';

import type { Person } from '@lockstep/protocol';
import { ShieldCheck, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { Tag } from '../ui/badge.tsx';
import { useDistinguishingLabel } from './use-tell-apart.ts';

/** Shown beside admins of the workspace wherever somebody is chosen or trusted, because a name alone proves nothing. */
export function AdminTag() {
  const t = useTranslations('common');
  return (
    <Tag title={t('adminHint')} className="gap-1 bg-accent-soft text-accent-ink">
      <ShieldCheck aria-hidden className="size-3" />
      {t('admin')}
    </Tag>
  );
}

/** Shown beside a name that looks like another one, with a note that distinguishes the two (`useDistinguishingLabel`). */
export function LookAlikeTag() {
  const t = useTranslations('common');
  return (
    <Tag
      title={t('lookAlikeHint')}
      className="gap-1 bg-warning-soft text-warning-ink"
      data-testid="look-alike"
    >
      <TriangleAlert aria-hidden className="size-3" />
      {t('lookAlike')}
    </Tag>
  );
}

/** The same where there is no room for words; they are its tooltip. Nothing beside the name of anybody else. */
export function LookAlikeSign({ person }: { person: Pick<Person, 'id' | 'lookAlike'> }) {
  const t = useTranslations('common');
  const apart = useDistinguishingLabel()(person);
  if (!apart) return null;
  const words = `${t('lookAlike')}: ${apart}`;
  return (
    <span title={words} className="inline-flex shrink-0 self-center" data-testid="look-alike-sign">
      <TriangleAlert aria-hidden className="size-3.5 text-warning-ink" />
      <span className="sr-only">{words}</span>
    </span>
  );
}

/** Shown beside imported people, because a member may have the same name. */
export function PlaceholderTag() {
  const t = useTranslations('common');
  return <Tag title={t('placeholderHint')}>{t('placeholder')}</Tag>;
}

export function DeactivatedTag() {
  const t = useTranslations('common');
  return <Tag title={t('deactivatedHint')}>{t('deactivated')}</Tag>;
}

/** A name that looks like that of somebody else, with its mark: the tag, or the sign where there is no room for words. */
export function NameWithMark({ name, children }: { name: string; children: ReactNode }) {
  return (
    <span className="inline-flex max-w-full items-center gap-2">
      <span className="truncate" dir="auto">
        {name}
      </span>
      {children}
    </span>
  );
}
