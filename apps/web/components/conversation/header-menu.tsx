'use client';

import { traitsOf } from '@lockstep/protocol';
import { CalendarDays, Ellipsis, UserPlus, Users } from 'lucide-react';
import { useRef } from 'react';
import { useExplainBadge } from '@/components/inbox/badge-explainer.tsx';
import { BUTTON_MENU, ConversationMenuItems } from '@/components/inbox/conversation-menu.tsx';
import { IconButton } from '@/components/ui/icon-button.tsx';
import { Menu, MenuContent, MenuItem, MenuSeparator, MenuTrigger } from '@/components/ui/menu.tsx';
import { useAfterClose } from '@/components/ui/use-after-close.ts';
import { useTranslations } from '@/i18n/use-translations.ts';
import { useDialogs } from '@/lib/dialogs.tsx';
import { useConversation } from './context.tsx';
import { useConversationHost } from './host.tsx';

/** What the list offers for a conversation, and what only an open one has. */
export const HeaderMenu = () => {
  const t = useTranslations('conversation.header');
  const shell = useTranslations('shell');
  const { entry, actions } = useConversation();
  const { show } = useDialogs();
  const { details } = useConversationHost();
  const explain = useExplainBadge();
  const button = useRef<HTMLButtonElement>(null);
  const { afterClose, onCloseAutoFocus } = useAfterClose(() => button.current);
  const { id, kind } = entry.conversation;
  const withButton = (run: (button: HTMLElement) => void) => button.current && run(button.current);
  return (
    <Menu>
      <MenuTrigger asChild>
        <IconButton ref={button} label={t('more')} data-testid="conversation-more">
          <Ellipsis aria-hidden className="size-4.5" />
        </IconButton>
      </MenuTrigger>
      <MenuContent
        align="end"
        className="w-60"
        data-testid="conversation-menu"
        onCloseAutoFocus={onCloseAutoFocus}
      >
        {details && (
          <MenuItem onSelect={details.toggle}>
            <Users aria-hidden />
            {t('showDetails')}
          </MenuItem>
        )}
        {traitsOf(kind).hasRoles && (
          <MenuItem onSelect={() => show({ type: 'addPeople', conversationId: id })}>
            <UserPlus aria-hidden />
            {shell('addPeople')}
          </MenuItem>
        )}
        <MenuItem
          onSelect={() => afterClose(() => withButton((anchor) => actions.pickDate(anchor)))}
          data-testid="menu-jump-to-date"
        >
          <CalendarDays aria-hidden />
          {t('jumpToDate')}
        </MenuItem>
        <MenuSeparator />
        <ConversationMenuItems
          entry={entry}
          kit={BUTTON_MENU}
          afterClose={afterClose}
          onExplain={() => withButton((anchor) => explain(id, anchor))}
        />
      </MenuContent>
    </Menu>
  );
};
