'use client';

import { useTheme } from 'next-themes';
import { useEffect } from 'react';
import { THEME_COLORS } from '@/lib/theme-colors.ts';

/** The bar of the browser or of the installed app follows the theme that was chosen, not only that of the system. */
export function ThemeColor() {
  const { resolvedTheme } = useTheme();
  useEffect(() => {
    if (resolvedTheme !== 'light' && resolvedTheme !== 'dark') return;
    const color = THEME_COLORS[resolvedTheme];
    for (const meta of document.querySelectorAll('meta[name="theme-color"]'))
      meta.setAttribute('content', color);
  }, [resolvedTheme]);
  return null;
}
