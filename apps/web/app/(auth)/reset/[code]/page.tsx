import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { AuthHeading } from '@/components/auth/auth-heading.tsx';
import { ResetForm } from '@/components/auth/reset-form.tsx';
import { Button } from '@/components/ui/button.tsx';
import { isResetCode } from '@/server/pages.ts';

export async function generateMetadata(): Promise<Metadata> {
  const [t, common] = await Promise.all([getTranslations('auth'), getTranslations('common')]);
  return {
    title: `${t('resetTitle')} · ${common('appName')}`,
    robots: { index: false },
    referrer: 'no-referrer',
  };
}

/** The page of a password link. Also for signed-in people, because the link may be for somebody else. */
export default async function ResetPage({ params }: { params: Promise<{ code: string }> }) {
  const { code } = await params;
  const t = await getTranslations('auth');
  if (code.length > 64 || !(await isResetCode(code))) {
    return (
      <>
        <AuthHeading title={t('resetDeadTitle')} text={t('resetDeadText')} />
        <Button asChild size="lg">
          <a href="/sign-in">{t('signIn')}</a>
        </Button>
      </>
    );
  }
  return (
    <>
      <AuthHeading title={t('resetTitle')} text={t('resetText')} />
      <ResetForm code={code} />
    </>
  );
}
