'use client';

import { type ConversationKind, traitsOf } from '@lockstep/protocol';
import { Archive, ChevronDown, Pin, Plus } from 'lucide-react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { cn } from '@/lib/cn.ts';
import { useDialogs } from '@/lib/dialogs.tsx';
import { unreadText } from '../ui/badge.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Menu, MenuContent, MenuItem, MenuTrigger } from '../ui/menu.tsx';
import type { Section } from './sections.ts';

const NAMES = {
  pinned: 'pinned',
  channel: 'channels',
  group: 'groups',
  direct: 'directs',
  archived: 'archived',
} as const;

function AddButton({ kind }: { kind: ConversationKind }) {
  const t = useTranslations('shell');
  const { show } = useDialogs();
  const className =
    'size-6 rounded-sm opacity-0 focus-visible:opacity-100 group-hover:opacity-100 data-[state=open]:opacity-100 max-md:size-10 max-md:opacity-100';
  if (!traitsOf(kind).isListed) {
    return (
      <IconButton
        label={traitsOf(kind).hasPeer ? t('newDirect') : t('newGroup')}
        className={className}
        onClick={() => show({ type: kind })}
      >
        <Plus aria-hidden className="size-4" />
      </IconButton>
    );
  }
  return (
    <Menu>
      <MenuTrigger asChild>
        <button
          type="button"
          aria-label={t('addChannel')}
          className={cn(
            'inline-flex items-center justify-center text-ink-muted hover:bg-hover hover:text-ink data-[state=open]:bg-pressed',
            className,
          )}
        >
          <Plus aria-hidden className="size-4" />
        </button>
      </MenuTrigger>
      <MenuContent align="end">
        <MenuItem onSelect={() => show({ type: 'browse' })}>{t('browseChannels')}</MenuItem>
        <MenuItem onSelect={() => show({ type: 'channel' })}>{t('newChannel')}</MenuItem>
      </MenuContent>
    </Menu>
  );
}

interface SectionHeaderProps {
  section: Section;
  collapsed: boolean;
  /** Unread messages inside, shown while it is collapsed. */
  unread: number;
  /** Conversations inside. */
  count: number;
  onToggle: () => void;
}

export function SectionHeader({ section, collapsed, unread, count, onToggle }: SectionHeaderProps) {
  const t = useTranslations('shell');
  const name = t(NAMES[section]);
  const Icon = section === 'pinned' ? Pin : section === 'archived' ? Archive : null;
  return (
    <div
      className="group flex h-9 items-center pt-1 pr-1 max-md:h-11 max-md:px-1"
      data-testid="section"
      data-section={section}
    >
      <h2 className="min-w-0 flex-1">
        <button
          type="button"
          aria-expanded={!collapsed}
          aria-label={t(collapsed ? 'expand' : 'collapse', { section: name })}
          onClick={onToggle}
          className="flex h-7 max-w-full items-center gap-1 rounded-sm pr-2 pl-2 font-semibold text-ink-subtle text-xs hover:text-ink max-md:h-11"
        >
          {Icon && <Icon aria-hidden className="mr-0.5 size-3.5 shrink-0" />}
          <span className="truncate">{name}</span>
          {section === 'archived' && <span className="font-medium tabular-nums">{count}</span>}
          <ChevronDown
            aria-hidden
            className={cn('size-3.5 shrink-0 transition-transform', collapsed && '-rotate-90 rtl:rotate-90')}
          />
          {collapsed && unread > 0 && <span className="text-accent-ink">{unreadText(unread)}</span>}
        </button>
      </h2>
      {section !== 'pinned' && section !== 'archived' && <AddButton kind={section} />}
    </div>
  );
}
