'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { commands } from '@lockstep/protocol';
import { useForm } from 'react-hook-form';
import { useTranslations } from '@/i18n/use-translations.ts';
import { keepAccount } from '@/lib/account.ts';
import { api } from '@/lib/api.ts';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { PasswordInput } from '../ui/password-input.tsx';
import { AuthForm, AuthLink } from './auth-form.tsx';
import { useSubmit } from './use-submit.ts';

interface SignInFormProps {
  /** A path of this site to go on to. */
  next: string;
  /** Where those without an account go; null where sign-up is closed to them. */
  signUpHref: string | null;
}

export function SignInForm({ next, signUpHref }: SignInFormProps) {
  const t = useTranslations('auth');
  const { error, busy, submit } = useSubmit(next);
  const { register, handleSubmit, formState } = useForm({
    resolver: zodResolver(commands.signIn),
    defaultValues: { email: '', password: '' },
  });
  const { errors } = formState;
  return (
    <AuthForm
      error={error}
      busy={busy}
      action={t('signIn')}
      onSubmit={handleSubmit((input) => submit(async () => keepAccount(await api.auth.signIn.mutate(input))))}
      below={
        signUpHref && (
          <AuthLink before={t('noAccount')} href={signUpHref}>
            {t('signUp')}
          </AuthLink>
        )
      }
    >
      <Field label={t('email')} error={errors.email && t('emailInvalid')}>
        {(control) => (
          <Input
            {...control}
            {...register('email')}
            type="email"
            autoFocus
            autoComplete="username"
            autoCapitalize="off"
            spellCheck={false}
          />
        )}
      </Field>
      <Field label={t('password')} error={errors.password && t('passwordMissing')}>
        {(control) => (
          <PasswordInput
            {...control}
            {...register('password', { required: true })}
            autoComplete="current-password"
          />
        )}
      </Field>
    </AuthForm>
  );
}
