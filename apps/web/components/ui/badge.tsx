import { UNREAD_CAP } from '@lockstep/protocol';
import type { ComponentProps } from 'react';
import { cn } from '@/lib/cn.ts';

/** "99+" at the cap: the server counts no further. */
export const unreadText = (unread: number): string =>
  unread >= UNREAD_CAP ? `${UNREAD_CAP - 1}+` : `${unread}`;

export const UnreadBadge = ({ unread, className }: { unread: number; className?: string }) => (
  <span
    data-testid="unread-badge"
    className={cn(
      'inline-flex h-5 min-w-5 items-center justify-center rounded-full bg-accent px-1.5 font-semibold text-on-accent text-xs tabular-nums',
      className,
    )}
  >
    {unreadText(unread)}
  </span>
);

export const Tag = ({ className, ...props }: ComponentProps<'span'>) => (
  <span
    className={cn(
      'inline-flex h-5 shrink-0 items-center rounded-sm bg-sunken px-1.5 font-medium text-ink-muted text-xs',
      className,
    )}
    {...props}
  />
);
