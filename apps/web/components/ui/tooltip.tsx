'use client';

import { Tooltip as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';
import { Kbd } from './kbd.tsx';

export const TooltipProvider = ({ children }: { children: ReactNode }) => (
  <Primitive.Provider delayDuration={400} skipDelayDuration={200}>
    {children}
  </Primitive.Provider>
);

interface TooltipProps {
  label: ReactNode;
  shortcut?: string | undefined;
  side?: 'top' | 'right' | 'bottom' | 'left';
  children: ReactNode;
}

/** The trigger is the only child; it needs an accessible name of its own. */
export function Tooltip({ label, shortcut, side = 'top', children }: TooltipProps) {
  return (
    <Primitive.Root>
      <Primitive.Trigger asChild>{children}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content
          side={side}
          sideOffset={6}
          collisionPadding={8}
          className="fade-in-0 zoom-in-95 z-50 flex max-w-72 animate-in items-center gap-2 rounded-sm bg-ink px-2 py-1 font-medium text-surface text-xs shadow-raised duration-120 max-md:hidden"
        >
          {label}
          {shortcut && <Kbd className="border-transparent bg-surface/20 text-surface">{shortcut}</Kbd>}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
