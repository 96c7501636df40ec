'use client';

import { Check, ChevronRight } from 'lucide-react';
import { DropdownMenu as Primitive } from 'radix-ui';
import type { ComponentProps, ReactNode } from 'react';
import { cn } from '@/lib/cn.ts';

export const Menu = Primitive.Root;
export const MenuTrigger = Primitive.Trigger;
export const MenuRadioGroup = Primitive.RadioGroup;
export const MenuSub = Primitive.Sub;

const content =
  'z-50 min-w-48 max-w-80 rounded-md bg-raised p-1 text-ink shadow-overlay outline-none duration-120 data-[state=closed]:animate-out data-[state=open]:animate-in data-[state=closed]:fade-out-0 data-[state=open]:fade-in-0 data-[state=open]:zoom-in-[0.98] origin-(--radix-dropdown-menu-content-transform-origin)';
const item =
  'flex min-h-8 max-md:min-h-11 cursor-pointer select-none items-center gap-2.5 rounded-sm px-2 text-base outline-none data-[disabled]:pointer-events-none data-[highlighted]:bg-hover data-[state=open]:bg-hover data-[disabled]:opacity-50 [&>svg]:size-4 [&>svg]:shrink-0 [&>svg]:text-ink-muted';

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
  <Primitive.Item
    className={cn(
      item,
      danger && 'text-danger-ink data-[highlighted]:bg-danger-soft [&>svg]:text-danger-ink',
      className,
    )}
    {...props}
  />
);

export const MenuRadioItem = ({
  className,
  children,
  ...props
}: ComponentProps<typeof Primitive.RadioItem>) => (
  <Primitive.RadioItem className={cn(item, 'pr-8', className)} {...props}>
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
  <Primitive.SubTrigger className={item}>
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

export const MenuSeparator = () => <Primitive.Separator className="-mx-1 my-1 h-px bg-line" />;

export const MenuLabel = ({ className, ...props }: ComponentProps<typeof Primitive.Label>) => (
  <Primitive.Label className={cn('px-2 py-1.5 text-ink-subtle text-xs', className)} {...props} />
);
