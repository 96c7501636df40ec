'use client';

import { useTheme } from 'next-themes';
import { useEffect } from 'react';

/** The frame's own colour, as in the viewport of app/layout.tsx. */
const COLORS: Record<string, string> = { light: '#f5f6f9', dark: '#131418' };

/** The bar of the browser or of the installed app follows the theme that was chosen, not only that of the system. */
export function ThemeColor() {
  const { resolvedTheme } = useTheme();
  useEffect(() => {
    const color = COLORS[resolvedTheme ?? ''];
    if (!color) return;
    for (const meta of document.querySelectorAll('meta[name="theme-color"]'))
      meta.setAttribute('content', color);
  }, [resolvedTheme]);
  return null;
}
