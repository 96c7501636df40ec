'use client';

import { type InboxEntry, isArchived, isMuted } from '@lockstep/protocol';
import {
  Archive,
  ArchiveRestore,
  BellOff,
  BellRing,
  ChevronDown,
  CircleHelp,
  Link2,
  LogOut,
  MailOpen,
  MessageSquareDot,
  Pin,
  PinOff,
} from 'lucide-react';
import { useLocale } from 'next-intl';
import { type ComponentType, type ReactNode, useState } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { allowedIn } from '@/lib/allowed.ts';
import { cn } from '@/lib/cn.ts';
import { mutedUntilText } from '@/lib/list-time.ts';
import { useMedia } from '@/lib/use-media.ts';
import { useNow } from '@/lib/use-now.ts';
import {
  ContextMenuItem,
  ContextMenuSeparator,
  ContextMenuSub,
  ContextMenuSubContent,
  ContextMenuSubTrigger,
} from '../ui/context-menu.tsx';
import {
  MenuItem,
  MenuSeparator,
  MenuShortcut,
  MenuSub,
  MenuSubContent,
  MenuSubTrigger,
} from '../ui/menu.tsx';
import { isUnread } from './sections.ts';
import { MUTES, useConversationActions } from './use-conversation-actions.ts';

/** The parts of a menu: of a button's, or of the right mouse button's. */
interface MenuKit {
  Item: ComponentType<{
    onSelect: (event: Event) => void;
    danger?: boolean;
    className?: string;
    children: ReactNode;
    'data-testid'?: string;
    'aria-expanded'?: boolean;
  }>;
  Sub: ComponentType<{ children: ReactNode }>;
  SubTrigger: ComponentType<{ icon: ReactNode; children: ReactNode }>;
  SubContent: ComponentType<{ children: ReactNode }>;
  Separator: ComponentType;
}

export const BUTTON_MENU: MenuKit = {
  Item: MenuItem,
  Sub: MenuSub,
  SubTrigger: MenuSubTrigger,
  SubContent: MenuSubContent,
  Separator: MenuSeparator,
};

export const CONTEXT_MENU: MenuKit = {
  Item: ContextMenuItem,
  Sub: ContextMenuSub,
  SubTrigger: ContextMenuSubTrigger,
  SubContent: ContextMenuSubContent,
  Separator: ContextMenuSeparator,
};

interface ItemsProps {
  entry: InboxEntry;
  kit: MenuKit;
  /** The keys of the list are shown only where they work. */
  keys?: boolean;
  /** What needs the focus (a dialog, a popover) begins after the menu has closed. */
  afterClose: (run: () => void) => void;
  onExplain: () => void;
}

interface MuteItemsProps {
  kit: MenuKit;
  keys: boolean;
  onMute: (ms: number) => void;
}

/** For how long: in a menu beside this one, or where there is no room for that, in this one. */
function MuteItems({ kit, keys, onMute }: MuteItemsProps) {
  const t = useTranslations('shell');
  const narrow = useMedia('(width < 48rem)');
  const [open, setOpen] = useState(false);
  const { Item, Sub, SubTrigger, SubContent } = kit;
  const spans = MUTES.map(({ name, ms }) => (
    <Item
      key={name}
      onSelect={() => onMute(ms)}
      data-testid={`menu-${name}`}
      {...(narrow ? { className: 'pl-8.5' } : {})}
    >
      {t(name)}
      {name === 'muteAlways' && keys && <MenuShortcut>M</MenuShortcut>}
    </Item>
  ));
  if (!narrow) {
    return (
      <Sub>
        <SubTrigger icon={<BellOff aria-hidden />}>{t('mute')}</SubTrigger>
        <SubContent>{spans}</SubContent>
      </Sub>
    );
  }
  return (
    <>
      <Item
        aria-expanded={open}
        onSelect={(event) => {
          event.preventDefault(); // the menu stays
          setOpen(!open);
        }}
      >
        <BellOff aria-hidden />
        <span className="flex-1">{t('mute')}</span>
        <ChevronDown aria-hidden className={cn('transition-transform', open && 'rotate-180')} />
      </Item>
      {open && spans}
    </>
  );
}

/** What one can do with a conversation. */
export function ConversationMenuItems({ entry, kit, keys = false, afterClose, onExplain }: ItemsProps) {
  const t = useTranslations('shell');
  const locale = useLocale();
  const now = useNow();
  const commands = useConversationActions()(entry);
  const { Item, Separator } = kit;
  const unread = isUnread(entry);
  const pinned = entry.pinnedAt !== null;
  const archived = isArchived(entry, now);
  const muted = isMuted(entry, now);
  const key = (name: string) => keys && <MenuShortcut>{name}</MenuShortcut>;
  return (
    <>
      <Item onSelect={commands.toggleRead} data-testid="menu-toggle-read">
        {unread ? <MailOpen aria-hidden /> : <MessageSquareDot aria-hidden />}
        {t(unread ? 'markRead' : 'markUnread')}
        {key('U')}
      </Item>
      {muted ? (
        <Item onSelect={() => commands.mute(null)} data-testid="menu-unmute">
          <BellRing aria-hidden />
          <span>
            {t('unmute')}
            <span className="block text-ink-subtle text-xs">
              {mutedUntilText(entry.mutedUntil ?? 0, now, locale, {
                until: (when) => t('mutedUntil', { when }),
                always: t('mutedAlways'),
              })}
            </span>
          </span>
          {key('M')}
        </Item>
      ) : (
        <MuteItems kit={kit} keys={keys} onMute={commands.mute} />
      )}
      <Item onSelect={commands.togglePin} data-testid="menu-toggle-pin">
        {pinned ? <PinOff aria-hidden /> : <Pin aria-hidden />}
        {t(pinned ? 'unpin' : 'pin')}
        {key('P')}
      </Item>
      <Item onSelect={commands.toggleArchive} data-testid="menu-toggle-archive">
        {archived ? <ArchiveRestore aria-hidden /> : <Archive aria-hidden />}
        {t(archived ? 'unarchive' : 'archive')}
        {key('A')}
      </Item>
      <Separator />
      <Item onSelect={() => afterClose(onExplain)} data-testid="menu-explain">
        <CircleHelp aria-hidden />
        {t('explainBadge')}
        {key('B')}
      </Item>
      <Item onSelect={commands.copyLink} data-testid="menu-copy-link">
        <Link2 aria-hidden />
        {t('copyLink')}
      </Item>
      {allowedIn(entry).leave && (
        <>
          <Separator />
          <Item danger onSelect={() => afterClose(commands.leave)} data-testid="menu-leave">
            <LogOut aria-hidden />
            {t('leave')}
          </Item>
        </>
      )}
    </>
  );
}
