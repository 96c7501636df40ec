'use client';

import type { ComponentProps, MouseEvent } from 'react';
import { navigate } from '@/lib/navigation.ts';

interface AppLinkProps extends ComponentProps<'a'> {
  href: string;
}

/** A real link (new tab, copy address), which a plain click follows with `navigate`. */
export function AppLink({ href, onClick, ...props }: AppLinkProps) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(href);
  };
  return <a href={href} onClick={follow} {...props} />;
}
