'use client';

import { Hash, Link, MessageSquare, PenSquare, Search, Users } from 'lucide-react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { useDialogs } from '@/lib/dialogs.tsx';
import { useMe } from '@/lib/me.tsx';
import { useSearch } from '../search/search-provider.tsx';
import { Button } from '../ui/button.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Logo } from '../ui/logo.tsx';
import { Menu, MenuContent, MenuItem, MenuSeparator, MenuTrigger } from '../ui/menu.tsx';
import { AccountMenu } from './account-menu.tsx';

export function SidebarHeader() {
  const t = useTranslations('shell');
  const common = useTranslations('common');
  const { me } = useMe();
  const search = useTranslations('search');
  const { open } = useSearch();
  const { show } = useDialogs();
  return (
    <header className="flex h-14 shrink-0 items-center gap-2 px-3 max-md:px-4">
      <Logo className="size-6" />
      <span className="flex-1 truncate font-semibold text-md tracking-tight">{common('appName')}</span>
      <IconButton label={search('open')} shortcut="/" data-testid="open-search" onClick={() => open()}>
        <Search aria-hidden className="size-4.5" />
      </IconButton>
      <Menu>
        <MenuTrigger asChild>
          <Button variant="ghost" size="icon" aria-label={t('new')} title={t('new')}>
            <PenSquare aria-hidden className="size-4.5" />
          </Button>
        </MenuTrigger>
        <MenuContent align="end">
          <MenuItem onSelect={() => show({ type: 'direct' })}>
            <MessageSquare aria-hidden />
            {t('newDirect')}
          </MenuItem>
          <MenuItem onSelect={() => show({ type: 'group' })}>
            <Users aria-hidden />
            {t('newGroup')}
          </MenuItem>
          <MenuItem onSelect={() => show({ type: 'channel' })}>
            <Hash aria-hidden />
            {t('newChannel')}
          </MenuItem>
          <MenuSeparator />
          <MenuItem onSelect={() => show({ type: 'browse' })}>
            <Search aria-hidden />
            {t('browseChannels')}
          </MenuItem>
          {me.role === 'admin' && (
            <MenuItem onSelect={() => show({ type: 'invite' })}>
              <Link aria-hidden />
              {t('invitePeople')}
            </MenuItem>
          )}
        </MenuContent>
      </Menu>
      <AccountMenu />
    </header>
  );
}
