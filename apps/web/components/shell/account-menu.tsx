'use client';

import {
  History,
  KeyRound,
  Languages,
  Link,
  LogOut,
  MonitorSmartphone,
  Pencil,
  SunMoon,
  UsersRound,
} from 'lucide-react';
import { useLocale } from 'next-intl';
import { useTheme } from 'next-themes';
import { LOCALE_NAMES, setLocale } from '@/i18n/language.ts';
import { useTranslations } from '@/i18n/use-translations.ts';
import { useDialogs } from '@/lib/dialogs.tsx';
import { useMe } from '@/lib/me.tsx';
import { navigate } from '@/lib/navigation.ts';
import { languageOf } from '@/lib/region.ts';
import { useAskSignOut } from '@/lib/use-sign-out.ts';
import { settingsPath } from '../settings/sections.ts';
import { Avatar } from '../ui/avatar.tsx';
import {
  Menu,
  MenuContent,
  MenuItem,
  MenuRadioGroup,
  MenuRadioItem,
  MenuSeparator,
  MenuSub,
  MenuSubContent,
  MenuSubTrigger,
  MenuTrigger,
} from '../ui/menu.tsx';

const THEMES = { light: 'themeLight', dark: 'themeDark', system: 'themeSystem' } as const;

export function AccountMenu() {
  const t = useTranslations('shell');
  const locale = languageOf(useLocale());
  const { theme = 'system', setTheme } = useTheme();
  const { me } = useMe();
  const { show } = useDialogs();

  const signOut = useAskSignOut();

  return (
    <Menu>
      <MenuTrigger asChild>
        <button
          type="button"
          aria-label={t('accountMenu')}
          className="flex size-9 items-center justify-center rounded-md hover:bg-hover data-[state=open]:bg-pressed max-md:size-11"
        >
          <Avatar id={me.id} name={me.name} size="sm" />
        </button>
      </MenuTrigger>
      <MenuContent align="end" className="w-64">
        <div className="flex items-center gap-3 px-2 py-2">
          <Avatar id={me.id} name={me.name} size="lg" />
          <span className="min-w-0 flex-1">
            <span className="block truncate font-medium">{me.name}</span>
            <span className="block truncate text-ink-subtle text-sm">{me.email}</span>
          </span>
        </div>
        <MenuSeparator />
        <MenuItem onSelect={() => show({ type: 'name' })}>
          <Pencil aria-hidden />
          {t('editName')}
        </MenuItem>
        <MenuSub>
          <MenuSubTrigger
            icon={<SunMoon aria-hidden />}
            value={t(THEMES[theme as keyof typeof THEMES] ?? 'themeSystem')}
          >
            {t('theme')}
          </MenuSubTrigger>
          <MenuSubContent>
            <MenuRadioGroup value={theme} onValueChange={setTheme}>
              {Object.entries(THEMES).map(([value, key]) => (
                <MenuRadioItem key={value} value={value}>
                  {t(key)}
                </MenuRadioItem>
              ))}
            </MenuRadioGroup>
          </MenuSubContent>
        </MenuSub>
        <MenuSub>
          <MenuSubTrigger icon={<Languages aria-hidden />} value={LOCALE_NAMES[locale]}>
            {t('language')}
          </MenuSubTrigger>
          <MenuSubContent>
            <MenuRadioGroup value={locale} onValueChange={setLocale}>
              {Object.entries(LOCALE_NAMES).map(([value, name]) => (
                <MenuRadioItem key={value} value={value} lang={value}>
                  {name}
                </MenuRadioItem>
              ))}
            </MenuRadioGroup>
          </MenuSubContent>
        </MenuSub>
        {me.role === 'admin' && (
          <MenuItem onSelect={() => show({ type: 'invite' })}>
            <Link aria-hidden />
            {t('invitePeople')}
          </MenuItem>
        )}
        {me.role === 'admin' && (
          <MenuItem onSelect={() => window.location.assign('/admin/people')}>
            <UsersRound aria-hidden />
            {t('managePeople')}
          </MenuItem>
        )}
        {me.role === 'admin' && (
          <MenuItem onSelect={() => window.location.assign('/admin/history')}>
            <History aria-hidden />
            {t('messageHistory')}
          </MenuItem>
        )}
        <MenuItem onSelect={() => navigate(settingsPath('devices'))}>
          <MonitorSmartphone aria-hidden />
          {t('devices')}
        </MenuItem>
        <MenuItem onSelect={() => navigate(settingsPath('password'))}>
          <KeyRound aria-hidden />
          {t('password')}
        </MenuItem>
        <MenuSeparator />
        <MenuItem onSelect={signOut}>
          <LogOut aria-hidden />
          {t('signOut')}
        </MenuItem>
      </MenuContent>
    </Menu>
  );
}
