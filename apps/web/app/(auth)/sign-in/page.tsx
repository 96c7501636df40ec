import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { AuthHeading } from '@/components/auth/auth-heading.tsx';
import { SignInForm } from '@/components/auth/sign-in-form.tsx';
import { StaleAccount } from '@/components/auth/stale-account.tsx';
import { type PageQuery, sameSitePath } from '@/lib/same-site-path.ts';
import { currentMe, workspaceStatus } from '@/server/pages.ts';

export async function generateMetadata(): Promise<Metadata> {
  const [t, common] = await Promise.all([getTranslations('auth'), getTranslations('common')]);
  return { title: `${t('signInTitle')} · ${common('appName')}` };
}

const greeting = ({ ended, reset }: PageQuery) =>
  reset === 'done' ? 'resetDone' : ended === 'revoked' || ended === 'expired' ? ended : 'signInText';

export default async function SignInPage({ searchParams }: { searchParams: Promise<PageQuery> }) {
  const query = await searchParams;
  const next = sameSitePath(query.next);
  if (await currentMe()) redirect(next);
  const { ready, signUp } = await workspaceStatus();
  if (!ready) redirect('/sign-up');
  const t = await getTranslations('auth');
  const signUpHref = next === '/' ? '/sign-up' : `/sign-up?next=${encodeURIComponent(next)}`;
  return (
    <>
      <AuthHeading title={t('signInTitle')} text={t(greeting(query))} />
      <StaleAccount />
      <SignInForm next={next} signUpHref={signUp === 'open' ? signUpHref : null} />
    </>
  );
}
