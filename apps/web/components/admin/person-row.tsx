'use client';

import type { ManagedPerson } from '@lockstep/protocol';
import { Ellipsis, KeyRound, LogOut, ShieldCheck, ShieldMinus, UserCheck, UserX } from 'lucide-react';
import { useFormatter } from 'next-intl';
import { useTranslations } from '@/i18n/use-translations.ts';
import { AdminTag, DeactivatedTag, LookAlikeTag, PlaceholderTag } from '../people/person-tags.tsx';
import { useDistinguishingLabel } from '../people/use-tell-apart.ts';
import { isJustNow } from '../settings/device-words.ts';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { Menu, MenuContent, MenuItem, MenuSeparator, MenuTrigger } from '../ui/menu.tsx';
import type { PersonAction } from './person-dialogs.tsx';

interface PersonRowProps {
  person: ManagedPerson;
  me: boolean;
  now: number;
  onAsk: (action: PersonAction) => void;
}

export function PersonRow({ person, me, now, onAsk }: PersonRowProps) {
  const t = useTranslations('admin.people');
  const common = useTranslations('common');
  const apart = useDistinguishingLabel()(person);
  const { name, email, placeholder, role, deactivatedAt, devices } = person;
  return (
    <li
      data-testid="person"
      data-person={person.id}
      className="flex items-center gap-3 px-4 py-3 [contain-intrinsic-size:auto_4rem] [content-visibility:auto]"
    >
      <Avatar id={person.id} name={name} className={deactivatedAt ? 'opacity-50 grayscale' : ''} />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <bdi className="min-w-0 break-words font-medium">{name}</bdi>
          {me && <span className="text-ink-subtle text-sm">({common('you')})</span>}
          {role === 'admin' && !placeholder && <AdminTag />}
          {deactivatedAt && <DeactivatedTag />}
          {person.lookAlike !== undefined && <LookAlikeTag />}
          {placeholder && <PlaceholderTag />}
        </p>
        <p className="flex flex-wrap gap-x-2 text-ink-subtle text-sm">
          {apart && <span>{apart}</span>}
          {email && <span className="min-w-0 break-all">{email}</span>}
          <Activity person={person} now={now} />
        </p>
      </div>
      {!placeholder && (
        <Menu>
          <MenuTrigger asChild>
            <Button variant="ghost" size="icon" aria-label={t('actionsFor', { name })} className="-mr-1.5">
              <Ellipsis aria-hidden className="size-4" />
            </Button>
          </MenuTrigger>
          <MenuContent align="end">
            {deactivatedAt ? (
              <MenuItem onSelect={() => onAsk('reactivate')}>
                <UserCheck aria-hidden />
                {t('reactivate')}
              </MenuItem>
            ) : (
              <>
                <MenuItem onSelect={() => onAsk(role === 'admin' ? 'removeAdmin' : 'makeAdmin')}>
                  {role === 'admin' ? <ShieldMinus aria-hidden /> : <ShieldCheck aria-hidden />}
                  {t(role === 'admin' ? 'removeAdmin' : 'makeAdmin')}
                </MenuItem>
                <MenuItem onSelect={() => onAsk('resetLink')}>
                  <KeyRound aria-hidden />
                  {t('resetLink')}
                </MenuItem>
                {!me && (
                  <>
                    <MenuItem disabled={devices === 0} onSelect={() => onAsk('signOut')}>
                      <LogOut aria-hidden />
                      {t('signOut')}
                    </MenuItem>
                    <MenuSeparator />
                    <MenuItem danger onSelect={() => onAsk('deactivate')}>
                      <UserX aria-hidden />
                      {t('deactivate')}
                    </MenuItem>
                  </>
                )}
              </>
            )}
          </MenuContent>
        </Menu>
      )}
    </li>
  );
}

/** When they were last there, and on how many devices they are signed in. */
function Activity({ person, now }: { person: ManagedPerson; now: number }) {
  const t = useTranslations('admin.people');
  const format = useFormatter();
  const { deactivatedAt, lastActiveAt, devices, placeholder, resetUntil } = person;
  if (placeholder) return null;
  const exact = (at: number) => format.dateTime(at, { dateStyle: 'full', timeStyle: 'short' });
  const relative = (at: number) => (isJustNow(at, now) ? t('justNow') : format.relativeTime(at, now));
  return (
    <>
      {deactivatedAt ? (
        <time dateTime={new Date(deactivatedAt).toISOString()} title={exact(deactivatedAt)}>
          {t('deactivatedSince', { when: relative(deactivatedAt) })}
        </time>
      ) : (
        <>
          {lastActiveAt === null ? (
            <span>{t('neverActive')}</span>
          ) : (
            <time dateTime={new Date(lastActiveAt).toISOString()} title={exact(lastActiveAt)}>
              {t('lastActive', { when: relative(lastActiveAt) })}
            </time>
          )}
          {(devices > 0 || lastActiveAt !== null) && <span>{t('devices', { count: devices })}</span>}
        </>
      )}
      {resetUntil !== null && <span className="text-warning-ink">{t('resetWaiting')}</span>}
    </>
  );
}
