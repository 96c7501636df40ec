import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { getTranslations } from 'next-intl/server';
import { AuthHeading } from '@/components/auth/auth-heading.tsx';
import { SignUpForm } from '@/components/auth/sign-up-form.tsx';
import { Button } from '@/components/ui/button.tsx';
import { type PageQuery, sameSitePath } from '@/lib/same-site-path.ts';
import { currentMe, isLocalRequest, workspaceStatus } from '@/server/pages.ts';

export async function generateMetadata(): Promise<Metadata> {
  const [t, common] = await Promise.all([getTranslations('auth'), getTranslations('common')]);
  return { title: `${t('signUp')} · ${common('appName')}` };
}

/** Sign-up: the first account, open, by invitation, or not available. */
export default async function SignUpPage({ searchParams }: { searchParams: Promise<PageQuery> }) {
  const query = await searchParams;
  const next = sameSitePath(query.next);
  if (await currentMe()) redirect(next);
  const { ready, signUp } = await workspaceStatus();
  const t = await getTranslations('auth');
  const invitation = typeof query.invite === 'string' && query.invite.length <= 64 ? query.invite : undefined;
  const signInHref = next === '/' ? '/sign-in' : `/sign-in?next=${encodeURIComponent(next)}`;

  if (ready && signUp === 'invitation' && !invitation) {
    return (
      <>
        <AuthHeading title={t('invitationOnlyTitle')} text={t('invitationOnlyText')} />
        <Button asChild size="lg">
          <a href={signInHref}>{t('signIn')}</a>
        </Button>
      </>
    );
  }
  return (
    <>
      <AuthHeading
        title={t(ready ? 'signUpTitle' : 'firstTitle')}
        text={t(!ready ? 'firstText' : invitation ? 'invitedText' : 'signUpText')}
      />
      <SignUpForm
        next={next}
        invitation={invitation}
        isOpen={signUp === 'open'}
        needsCode={!ready && !(await isLocalRequest())}
        signInHref={ready ? signInHref : null}
      />
    </>
  );
}
