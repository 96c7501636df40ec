import type { MetadataRoute } from 'next';
import { THEME_COLORS } from '@/lib/theme-colors.ts';

/** Makes the app installable. Colours are those of the light theme: a manifest has only one of each. */
export default function manifest(): MetadataRoute.Manifest {
  return {
    id: '/',
    name: 'Lockstep',
    short_name: 'Lockstep',
    description: 'Every device in step. Nothing lost. Everything found.',
    start_url: '/',
    scope: '/',
    display: 'standalone',
    background_color: THEME_COLORS.light,
    theme_color: THEME_COLORS.light,
    categories: ['social', 'productivity'],
    icons: [
      { src: '/icons/icon-192.png', sizes: '192x192', type: 'image/png', purpose: 'any' },
      { src: '/icons/icon-512.png', sizes: '512x512', type: 'image/png', purpose: 'any' },
      { src: '/icons/maskable-192.png', sizes: '192x192', type: 'image/png', purpose: 'maskable' },
      { src: '/icons/maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
    ],
  };
}
