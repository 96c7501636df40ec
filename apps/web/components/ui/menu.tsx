'use client';

import { Check, ChevronRight } from 'lucide-react';
import { DropdownMenu as Primitive } from 'radix-ui';
import type { ComponentProps, ReactNode } from 'react';
import { cn } from '@/lib/cn.ts';
import { menuContent, menuDanger, menuItem, menuSeparator } from './menu-styles.ts';

export const Menu = Primitive.Root;
export const MenuTrigger = Primitive.Trigger;
export const MenuRadioGroup = Primitive.RadioGroup;
export const MenuSub = Primitive.Sub;

const content = cn(menuContent, 'origin-(--radix-dropdown-menu-content-transform-origin)');

export const MenuContent = ({ className, ...props }: ComponentProps<typeof Primitive.Content>) => (
  <Primitive.Portal>
    <Primitive.Content
      sideOffset={4}
      collisionPadding={8}
      onCloseAutoFocus={(event) => {
        // An item that opened a dialog has handed the focus on.
        if (document.querySelector('[role=dialog][data-state=open],[role=alertdialog][data-state=open]'))
          event.preventDefault();
      }}
      className={cn(content, className)}
      {...props}
    />
  </Primitive.Portal>
);

interface MenuItemProps extends ComponentProps<typeof Primitive.Item> {
  danger?: boolean;
}

export const MenuItem = ({ className, danger, ...props }: MenuItemProps) => (
  <Primitive.Item className={cn(menuItem, danger && menuDanger, className)} {...props} />
);

export const MenuRadioItem = ({
  className,
  children,
  ...props
}: ComponentProps<typeof Primitive.RadioItem>) => (
  <Primitive.RadioItem className={cn(menuItem, 'pr-8', className)} {...props}>
    {children}
    <Primitive.ItemIndicator className="-mr-6 ml-auto">
      <Check aria-hidden className="size-4 text-accent-ink" />
    </Primitive.ItemIndicator>
  </Primitive.RadioItem>
);

export const MenuSubTrigger = ({
  icon,
  children,
  value,
}: {
  icon?: ReactNode;
  children: ReactNode;
  /** The choice as it stands, at the right. */
  value?: ReactNode;
}) => (
  <Primitive.SubTrigger className={menuItem}>
    {icon}
    <span className="flex-1">{children}</span>
    {value && <span className="text-ink-subtle text-sm">{value}</span>}
    <ChevronRight aria-hidden className="-mr-1" />
  </Primitive.SubTrigger>
);

export const MenuSubContent = ({ className, ...props }: ComponentProps<typeof Primitive.SubContent>) => (
  <Primitive.Portal>
    <Primitive.SubContent sideOffset={6} collisionPadding={8} className={cn(content, className)} {...props} />
  </Primitive.Portal>
);

export const MenuSeparator = () => <Primitive.Separator className={menuSeparator} />;

export const MenuLabel = ({ className, ...props }: ComponentProps<typeof Primitive.Label>) => (
  <Primitive.Label className={cn('px-2 py-1.5 text-ink-subtle text-xs', className)} {...props} />
);

/** The key that does the same, at the right of an item. */
export const MenuShortcut = ({ children }: { children: ReactNode }) => (
  <span aria-hidden className="ml-auto pl-6 text-ink-subtle text-xs pointer-coarse:hidden">
    {children}
  </span>
);
