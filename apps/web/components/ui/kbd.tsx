import type { ComponentProps } from 'react';
import { cn } from '@/lib/cn.ts';

export const Kbd = ({ className, ...props }: ComponentProps<'kbd'>) => (
  <kbd
    className={cn(
      'inline-flex h-5 min-w-5 items-center justify-center rounded border border-line px-1 font-sans text-ink-subtle text-xs',
      className,
    )}
    {...props}
  />
);
