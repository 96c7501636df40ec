'use client';

import { ChevronRight } from 'lucide-react';
import { ContextMenu as Primitive } from 'radix-ui';
import type { ComponentProps, ReactNode } from 'react';
import { cn } from '@/lib/cn.ts';
import { menuContent, menuDanger, menuItem, menuSeparator } from './menu-styles.ts';

export const ContextMenu = Primitive.Root;
export const ContextMenuTrigger = Primitive.Trigger;
export const ContextMenuSub = Primitive.Sub;

export const ContextMenuContent = ({ className, ...props }: ComponentProps<typeof Primitive.Content>) => (
  <Primitive.Portal>
    <Primitive.Content
      collisionPadding={8}
      onContextMenu={(event) => event.preventDefault()}
      className={cn(menuContent, 'origin-(--radix-context-menu-content-transform-origin)', className)}
      {...props}
    />
  </Primitive.Portal>
);

interface ItemProps extends ComponentProps<typeof Primitive.Item> {
  danger?: boolean;
}

export const ContextMenuItem = ({ className, danger, ...props }: ItemProps) => (
  <Primitive.Item className={cn(menuItem, danger && menuDanger, className)} {...props} />
);

export const ContextMenuSubTrigger = ({ icon, children }: { icon?: ReactNode; children: ReactNode }) => (
  <Primitive.SubTrigger className={menuItem}>
    {icon}
    <span className="flex-1">{children}</span>
    <ChevronRight aria-hidden className="-mr-1" />
  </Primitive.SubTrigger>
);

export const ContextMenuSubContent = ({
  className,
  ...props
}: ComponentProps<typeof Primitive.SubContent>) => (
  <Primitive.Portal>
    <Primitive.SubContent
      sideOffset={6}
      collisionPadding={8}
      className={cn(menuContent, className)}
      {...props}
    />
  </Primitive.Portal>
);

export const ContextMenuSeparator = () => <Primitive.Separator className={menuSeparator} />;
