'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { commands } from '@lockstep/protocol';
import { useForm } from 'react-hook-form';
import { useTranslations } from '@/i18n/use-translations.ts';
import { keepAccount } from '@/lib/account.ts';
import { api } from '@/lib/api.ts';
import { FormError } from '../dialogs/form-error.tsx';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { PasswordInput } from '../ui/password-input.tsx';
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
    // Before hydration the browser submits the form itself: POST keeps the password out of the URL.
    <form
      method="post"
      noValidate
      onSubmit={handleSubmit((input) => submit(async () => keepAccount(await api.auth.signIn.mutate(input))))}
      className="flex flex-col gap-4"
    >
      <FormError text={error} />
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
      <Button type="submit" variant="primary" size="lg" busy={busy} className="mt-2 w-full">
        {t('signIn')}
      </Button>
      {signUpHref && (
        <p className="text-center text-ink-muted">
          {t('noAccount')}{' '}
          <a href={signUpHref} className="font-medium text-accent-ink underline-offset-4 hover:underline">
            {t('signUp')}
          </a>
        </p>
      )}
    </form>
  );
}
