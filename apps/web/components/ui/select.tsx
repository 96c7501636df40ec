import { ChevronDown } from 'lucide-react';
import type { ComponentProps } from 'react';
import { cn } from '@/lib/cn.ts';
import { fieldClass } from './input.tsx';

/** The platform's own select: right on phones, with screen readers and by keyboard. */
export const Select = ({ className, ...props }: ComponentProps<'select'>) => (
  <span className="relative block">
    <select className={cn(fieldClass, 'h-10 appearance-none pr-9 max-md:h-11', className)} {...props} />
    <ChevronDown
      aria-hidden
      className="-translate-y-1/2 pointer-events-none absolute top-1/2 right-3 size-4 text-ink-subtle"
    />
  </span>
);
