import '@fontsource-variable/inter/wght.css';
import './globals.css';
import type { Metadata, Viewport } from 'next';
import { headers } from 'next/headers';
import { getLocale, getMessages, getTranslations } from 'next-intl/server';
import { ThemeProvider } from 'next-themes';
import type { ReactNode } from 'react';
import { InputMethods } from '@/components/page/input-methods.tsx';
import { ThemeColor } from '@/components/page/theme-color.tsx';
import { UpdateWatch } from '@/components/page/update-watch.tsx';
import { WorkerUpdates } from '@/components/page/worker-updates.tsx';
import { Toaster } from '@/components/ui/toaster.tsx';
import { TooltipProvider } from '@/components/ui/tooltip.tsx';
import { IntlProvider } from '@/i18n/intl-provider.tsx';
import { BUILD_HEADER } from '@/lib/pwa/paths.ts';
import { THEME_COLORS } from '@/lib/theme-colors.ts';
import { isLab } from '@/server/pages.ts';

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('common');
  return {
    title: t('appName'),
    description: t('tagline'),
    applicationName: t('appName'),
    appleWebApp: { title: t('appName'), statusBarStyle: 'default' },
  };
}

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  viewportFit: 'cover',
  interactiveWidget: 'resizes-content',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: THEME_COLORS.light },
    { media: '(prefers-color-scheme: dark)', color: THEME_COLORS.dark },
  ],
};

/** Reads the nonce of the request, so that every page is rendered per request, as the content policy needs. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const asked = await headers();
  const nonce = asked.get('x-nonce') ?? undefined;
  const locale = await getLocale();
  return (
    <html
      lang={locale}
      data-build={asked.get(BUILD_HEADER)}
      data-lab={isLab() ? '' : undefined}
      suppressHydrationWarning
    >
      <body>
        <ThemeProvider
          attribute="class"
          defaultTheme="system"
          enableSystem
          disableTransitionOnChange
          {...(nonce ? { nonce } : {})}
        >
          <IntlProvider locale={locale} messages={await getMessages()}>
            <TooltipProvider>{children}</TooltipProvider>
            <Toaster />
            <ThemeColor />
            <WorkerUpdates />
            <UpdateWatch />
            <InputMethods />
          </IntlProvider>
        </ThemeProvider>
      </body>
    </html>
  );
}
