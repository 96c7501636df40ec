import type { ComponentProps } from 'react';
import { cn } from '@/lib/cn.ts';

export const fieldClass =
  'w-full rounded-md border border-line-strong bg-raised px-3 text-ink text-field transition-[border-color,box-shadow] hover:border-ink-subtle/60 focus:border-accent-ink focus:outline-none focus:ring-3 focus:ring-accent-ink/20 disabled:opacity-60 aria-invalid:border-danger-ink aria-invalid:focus:ring-danger-ink/20';

export const Input = ({ className, ...props }: ComponentProps<'input'>) => (
  <input className={cn(fieldClass, 'h-10 max-md:h-11', className)} {...props} />
);

export const Textarea = ({ className, ...props }: ComponentProps<'textarea'>) => (
  <textarea
    className={cn(fieldClass, 'field-sizing-content min-h-16 resize-none py-2', className)}
    {...props}
  />
);
