'use client';

import { hasText, type Message } from '@lockstep/protocol';
import { Copy, Ellipsis, Link2, type LucideIcon, Pencil, TextSelect, Undo2 } from 'lucide-react';
import { ContextMenuContent, ContextMenuItem } from '@/components/ui/context-menu.tsx';
import { IconButton } from '@/components/ui/icon-button.tsx';
import { Menu, MenuContent, MenuItem, MenuShortcut, MenuTrigger } from '@/components/ui/menu.tsx';
import { useTranslations } from '@/i18n/use-translations.ts';
import { useMedia } from '@/lib/use-media.ts';
import { canEdit, canRecall, useConversation } from '../context.tsx';
import { selectText } from './select-text.ts';

interface Action {
  id: 'copy' | 'select' | 'link' | 'edit' | 'recall';
  label: string;
  icon: LucideIcon;
  shortcut: string;
  danger: boolean;
  run: () => void;
}

/** What the reader may do with a message; the same in the toolbar, both menus and by key. */
export const useMessageActions = (): ((message: Message) => Action[]) => {
  const t = useTranslations('conversation.message');
  const { entry, meId, actions, view } = useConversation();
  const touch = useMedia('(pointer: coarse)');
  return (message) => {
    const list: Action[] = [];
    const link = () => actions.copyLink(message);
    if (!hasText(message)) return list;
    const copy = () => actions.copy(message.body);
    list.push({ id: 'copy', label: t('copy'), icon: Copy, shortcut: 'C', danger: false, run: copy });
    if (touch) {
      const run = () => selectText(view.current, message);
      list.push({ id: 'select', label: t('select'), icon: TextSelect, shortcut: '', danger: false, run });
    }
    list.push({ id: 'link', label: t('copyLink'), icon: Link2, shortcut: 'L', danger: false, run: link });
    if (canEdit(message, meId)) {
      const run = () => actions.edit(message);
      list.push({ id: 'edit', label: t('edit'), icon: Pencil, shortcut: 'E', danger: false, run });
    }
    if (canRecall(message, entry, meId)) {
      const run = () => actions.recall(message);
      list.push({ id: 'recall', label: t('recall'), icon: Undo2, shortcut: 'Del', danger: true, run });
    }
    return list;
  };
};

/** Floats over the message under the pointer, or over the one that has the focus. */
export const MessageToolbar = ({
  message,
  onOpenChange,
}: {
  message: Message;
  onOpenChange: (open: boolean) => void;
}) => {
  const t = useTranslations('conversation.message');
  const actions = useMessageActions()(message);
  if (actions.length === 0) return null;
  const quick = actions.filter(({ id }) => id !== 'recall' && id !== 'select');
  const button = 'size-7 max-md:size-7 rounded-sm';
  return (
    <div
      role="toolbar"
      aria-label={t('actions')}
      className="-top-4 absolute right-4 z-10 flex gap-0.5 rounded-md bg-raised p-0.5 shadow-overlay pointer-coarse:hidden md:right-5"
    >
      {quick.map((action) => (
        <IconButton
          key={action.id}
          label={action.label}
          shortcut={action.shortcut}
          side="top"
          className={button}
          onClick={action.run}
        >
          <action.icon aria-hidden className="size-4" />
        </IconButton>
      ))}
      {actions.length > quick.length && (
        <Menu onOpenChange={onOpenChange}>
          <MenuTrigger asChild>
            <IconButton label={t('more')} side="top" className={button}>
              <Ellipsis aria-hidden className="size-4" />
            </IconButton>
          </MenuTrigger>
          <MenuContent align="end">
            {actions.map((action) => (
              <MenuItem key={action.id} danger={action.danger} onSelect={action.run}>
                <action.icon aria-hidden />
                {action.label}
                <MenuShortcut>{action.shortcut}</MenuShortcut>
              </MenuItem>
            ))}
          </MenuContent>
        </Menu>
      )}
    </div>
  );
};

/** Contents of the menu of the right mouse button, the menu key and the long press. */
export const MessageContextMenu = ({ message }: { message: Message }) => {
  const actions = useMessageActions()(message);
  return (
    <ContextMenuContent data-testid="message-menu">
      {actions.map((action) => (
        <ContextMenuItem key={action.id} danger={action.danger} onSelect={action.run}>
          <action.icon aria-hidden />
          {action.label}
          <MenuShortcut>{action.shortcut}</MenuShortcut>
        </ContextMenuItem>
      ))}
    </ContextMenuContent>
  );
};
