import { cva, type VariantProps } from 'class-variance-authority';
import { LoaderCircle } from 'lucide-react';
import { Slot } from 'radix-ui';
import type { ComponentProps } from 'react';
import { cn } from '@/lib/cn.ts';

const button = cva(
  'inline-flex shrink-0 select-none items-center justify-center gap-2 whitespace-nowrap rounded-md font-medium transition-[background-color,border-color,color,opacity] disabled:pointer-events-none disabled:opacity-50 aria-disabled:opacity-50 [&_svg]:shrink-0',
  {
    variants: {
      variant: {
        primary: 'bg-accent text-on-accent hover:bg-accent-hover',
        secondary: 'border border-line-strong bg-raised text-ink hover:bg-hover active:bg-pressed',
        ghost:
          'text-ink-muted hover:bg-hover hover:text-ink active:bg-pressed data-[state=open]:bg-pressed data-[state=open]:text-ink',
        danger: 'bg-danger text-on-danger hover:bg-danger-hover',
        'danger-ghost': 'text-danger-ink hover:bg-danger-soft',
        link: 'rounded-sm text-accent-ink underline-offset-4 hover:underline',
      },
      size: {
        sm: 'h-7 px-2.5 text-sm max-md:h-11 max-md:px-3',
        md: 'h-9 px-3.5 text-base max-md:h-11 max-md:px-4',
        lg: 'h-10 px-4 text-base max-md:h-11',
        icon: 'size-8 max-md:size-11',
        'icon-sm': 'size-7 max-md:size-11',
        inline: 'h-auto p-0',
      },
    },
    defaultVariants: { variant: 'secondary', size: 'md' },
  },
);

export interface ButtonProps extends ComponentProps<'button'>, VariantProps<typeof button> {
  /** Renders the only child (for example a link) with the style of a button. */
  asChild?: boolean;
  /** Shows a spinner and refuses clicks; the button keeps its width and its focus. */
  busy?: boolean;
}

export function Button({ className, variant, size, asChild, busy, children, ...props }: ButtonProps) {
  if (asChild) {
    return (
      <Slot.Root className={cn(button({ variant, size }), className)} {...props}>
        {children}
      </Slot.Root>
    );
  }
  return (
    <button
      type="button"
      {...props}
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      onClick={busy ? (event) => event.preventDefault() : props.onClick}
      className={cn(button({ variant, size }), 'relative', className)}
    >
      {busy ? (
        <>
          <span className="invisible inline-flex items-center gap-2">{children}</span>
          <LoaderCircle aria-hidden className="absolute size-4 animate-spin" />
        </>
      ) : (
        children
      )}
    </button>
  );
}
