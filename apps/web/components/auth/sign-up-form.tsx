'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { commands, isVisibleName, LIMITS } from '@lockstep/protocol';
import { useForm } from 'react-hook-form';
import { useTranslations } from '@/i18n/use-translations.ts';
import { keepAccount } from '@/lib/account.ts';
import { api } from '@/lib/api.ts';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { AuthForm, AuthLink } from './auth-form.tsx';
import { NewPasswordField } from './new-password-field.tsx';
import { useSubmit } from './use-submit.ts';

interface SignUpFormProps {
  next: string;
  invitation: string | undefined;
  /** Whether one may sign up without an invitation. */
  isOpen: boolean;
  /** For the first account, from another machine than the server's. */
  needsCode: boolean;
  /** Null for the first account: there is nobody to sign in as. */
  signInHref: string | null;
}

export function SignUpForm({ next, invitation, isOpen, needsCode, signInHref }: SignUpFormProps) {
  const t = useTranslations('auth');
  const { error, weakness, busy, submit } = useSubmit(next);
  const { register, handleSubmit, formState, getValues, watch } = useForm({
    resolver: zodResolver(commands.signUp),
    defaultValues: { name: '', email: '', password: '', ...(needsCode ? { code: '' } : {}) },
  });
  const { errors } = formState;
  const nameMissing = errors.name && !isVisibleName(getValues('name'));
  return (
    <AuthForm
      error={error}
      busy={busy}
      action={t('signUp')}
      onSubmit={handleSubmit((input) =>
        submit(
          async () =>
            keepAccount(await api.auth.signUp.mutate({ ...input, ...(invitation ? { invitation } : {}) })),
          {
            conflict: t('emailTaken'),
            invalid_input: t('emailInvalid'),
            ...(invitation && isOpen ? { invitation_required: t('invitationUsedUp') } : {}),
          },
        ),
      )}
      below={
        <>
          {invitation && isOpen && (
            <AuthLink href={`/sign-up?next=${encodeURIComponent(next)}`}>{t('withoutInvitation')}</AuthLink>
          )}
          {signInHref && (
            <AuthLink before={t('haveAccount')} href={signInHref}>
              {t('signIn')}
            </AuthLink>
          )}
        </>
      }
    >
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
      <NewPasswordField
        label={t('password')}
        typed={watch('password')}
        owner={{ name: watch('name'), email: watch('email') }}
        invalid={errors.password !== undefined}
        refused={weakness}
        {...register('password')}
      />
      {needsCode && (
        <Field label={t('code')} hint={t('codeHint')}>
          {(control) => (
            <Input
              {...control}
              {...register('code')}
              autoComplete="off"
              autoCapitalize="characters"
              spellCheck={false}
            />
          )}
        </Field>
      )}
    </AuthForm>
  );
}
