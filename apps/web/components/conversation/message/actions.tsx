'use client';

import type { Message } from '@lockstep/protocol';
import { Copy, Ellipsis, type LucideIcon, Pencil, Undo2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { ContextMenu } from 'radix-ui';
import type { ReactNode } from 'react';
import { IconButton } from '@/components/ui/icon-button.tsx';
import { Menu, MenuContent, MenuItem, MenuTrigger } from '@/components/ui/menu.tsx';
import { cn } from '@/lib/cn.ts';
import { canEdit, canRecall, useConversation } from '../context.tsx';

interface Action {
  id: 'copy' | 'edit' | 'recall';
  label: string;
  icon: LucideIcon;
  shortcut: string;
  danger: boolean;
  run: () => void;
}

/** What the reader may do with a message; the same in the toolbar, both menus and by key. */
export const useMessageActions = (): ((message: Message) => Action[]) => {
  const t = useTranslations('conversation.message');
  const { entry, meId, actions } = useConversation();
  return (message) => {
    const list: Action[] = [];
    const { body } = message;
    if (body === null) return list;
    const copy = () => actions.copy(body);
    list.push({ id: 'copy', label: t('copy'), icon: Copy, shortcut: 'C', danger: false, run: copy });
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
  const quick = actions.filter((action) => action.id !== 'recall');
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
                <Shortcut>{action.shortcut}</Shortcut>
              </MenuItem>
            ))}
          </MenuContent>
        </Menu>
      )}
    </div>
  );
};

const Shortcut = ({ children }: { children: ReactNode }) => (
  <span aria-hidden className="ml-auto pl-6 text-ink-subtle text-xs pointer-coarse:hidden">
    {children}
  </span>
);

/** Contents of the menu of the right mouse button, the menu key and the long press. */
export const MessageContextMenu = ({ message }: { message: Message }) => {
  const actions = useMessageActions()(message);
  return (
    <ContextMenu.Portal>
      <ContextMenu.Content
        collisionPadding={8}
        className={cn(
          'z-50 min-w-48 max-w-80 rounded-md bg-raised p-1 text-ink shadow-overlay outline-none duration-120',
          'data-[state=open]:fade-in-0 data-[state=closed]:animate-out data-[state=open]:animate-in',
          'data-[state=closed]:fade-out-0',
        )}
      >
        {actions.map((action) => (
          <ContextMenu.Item
            key={action.id}
            onSelect={action.run}
            className={cn(
              'flex min-h-8 cursor-pointer select-none items-center gap-2.5 rounded-sm px-2 text-base outline-none data-[highlighted]:bg-hover max-md:min-h-11 [&>svg]:size-4 [&>svg]:shrink-0 [&>svg]:text-ink-muted',
              action.danger && 'text-danger-ink data-[highlighted]:bg-danger-soft [&>svg]:text-danger-ink',
            )}
          >
            <action.icon aria-hidden />
            {action.label}
            <Shortcut>{action.shortcut}</Shortcut>
          </ContextMenu.Item>
        ))}
      </ContextMenu.Content>
    </ContextMenu.Portal>
  );
};
