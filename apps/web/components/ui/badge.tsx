import { UNREAD_CAP } from '@lockstep/protocol';
import type { ComponentProps } from 'react';
import { cn } from '@/lib/cn.ts';

/** "99+" at the cap: the server counts no further. */
export const unreadText = (unread: number): string =>
  unread >= UNREAD_CAP ? `${UNREAD_CAP - 1}+` : `${unread}`;

export const UnreadBadge = ({ unread, muted = false }: { unread: number; muted?: boolean }) => (
  <span
    aria-hidden
    data-testid="unread-badge"
    className={cn(
      'inline-flex h-5 min-w-5 items-center justify-center rounded-full px-1.5 font-semibold text-xs tabular-nums',
      muted ? 'bg-pressed text-ink-muted' : 'bg-accent text-on-accent',
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
