import type { CSSProperties } from 'react';
import { cn } from '@/lib/cn.ts';
import { hueOf, initialsOf } from './initials.ts';

export { hueOf };

const SIZES = {
  xs: 'size-5 text-[0.5625rem] rounded-[0.3125rem]',
  sm: 'size-7 text-[0.6875rem] rounded-sm',
  md: 'size-9 text-sm rounded-md max-md:size-11 max-md:text-base',
  lg: 'size-10 text-base rounded-md',
  xl: 'size-16 text-lg rounded-lg',
} as const;

interface AvatarProps {
  /** Decides the hue. */
  id: string;
  name: string;
  size?: keyof typeof SIZES;
  /** Shows a dot when true. */
  online?: boolean;
  className?: string;
}

/** Decoration: the name stands beside it in text. */
export function Avatar({ id, name, size = 'md', online = false, className }: AvatarProps) {
  return (
    <span aria-hidden className={cn('relative inline-flex shrink-0', className)}>
      <span
        style={{ '--hue': hueOf(id) } as CSSProperties}
        data-initials={initialsOf(name)}
        className={cn(
          // No text: a button that shows it is not called by these letters.
          'before:content-[attr(data-initials)] inline-flex select-none items-center justify-center bg-[oklch(var(--avatar-lightness)_var(--avatar-chroma)_var(--hue))] font-semibold text-[oklch(var(--avatar-ink-lightness)_var(--avatar-ink-chroma)_var(--hue))] tracking-tight',
          SIZES[size],
        )}
      />
      {online && (
        <span className="-right-0.5 -bottom-0.5 absolute size-3 rounded-full border-2 border-canvas bg-online" />
      )}
    </span>
  );
}
