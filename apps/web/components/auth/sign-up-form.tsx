'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { commands, LIMITS } from '@lockstep/protocol';
import { useTranslations } from 'next-intl';
import { useForm } from 'react-hook-form';
import { keepAccount } from '@/lib/account.ts';
import { api } from '@/lib/api.ts';
import { FormError } from '../dialogs/form-error.tsx';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { PasswordInput } from '../ui/password-input.tsx';
import { useSubmit } from './use-submit.ts';

interface SignUpFormProps {
  next: string;
  invitation: string | undefined;
  /** Null for the first account: there is nobody to sign in as. */
  signInHref: string | null;
}

export function SignUpForm({ next, invitation, signInHref }: SignUpFormProps) {
  const t = useTranslations('auth');
  const { error, busy, submit } = useSubmit(next);
  const { register, handleSubmit, formState, getValues } = useForm({
    resolver: zodResolver(commands.signUp),
    defaultValues: { name: '', email: '', password: '' },
  });
  const { errors } = formState;
  const nameMissing = errors.name && getValues('name').trim() === '';
  return (
    <form
      method="post"
      noValidate
      onSubmit={handleSubmit((input) =>
        submit(
          async () =>
            keepAccount(await api.auth.signUp.mutate({ ...input, ...(invitation ? { invitation } : {}) })),
          { conflict: t('emailTaken') },
        ),
      )}
      className="flex flex-col gap-4"
    >
      <FormError text={error} />
      <Field
        label={t('name')}
        hint={t('nameHint')}
        error={errors.name && (nameMissing ? t('nameMissing') : t('nameInvalid', { max: LIMITS.personName }))}
      >
        {(control) => <Input {...control} {...register('name')} autoFocus autoComplete="name" />}
      </Field>
      <Field label={t('email')} error={errors.email && t('emailInvalid')}>
        {(control) => (
          <Input
            {...control}
            {...register('email')}
            type="email"
            autoComplete="username"
            autoCapitalize="off"
            spellCheck={false}
          />
        )}
      </Field>
      <Field
        label={t('password')}
        hint={t('passwordHint', { min: LIMITS.passwordMin })}
        error={errors.password && t('passwordLength', { min: LIMITS.passwordMin, max: LIMITS.passwordMax })}
      >
        {(control) => <PasswordInput {...control} {...register('password')} autoComplete="new-password" />}
      </Field>
      <Button type="submit" variant="primary" size="lg" busy={busy} className="mt-2 w-full">
        {t('signUp')}
      </Button>
      {signInHref && (
        <p className="text-center text-ink-muted">
          {t('haveAccount')}{' '}
          <a href={signInHref} className="font-medium text-accent-ink underline-offset-4 hover:underline">
            {t('signIn')}
          </a>
        </p>
      )}
    </form>
  );
}
