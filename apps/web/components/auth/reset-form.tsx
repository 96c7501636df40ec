'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { commands } from '@lockstep/protocol';
import { useForm } from 'react-hook-form';
import { useTranslations } from '@/i18n/use-translations.ts';
import { api } from '@/lib/api.ts';
import { AuthForm } from './auth-form.tsx';
import { NewPasswordField } from './new-password-field.tsx';
import { useSubmit } from './use-submit.ts';

/** Sets the password of the person the link was made for. Opening it changes nothing; only submitting does. */
export function ResetForm({ code }: { code: string }) {
  const t = useTranslations('auth');
  const { error, weakness, busy, submit } = useSubmit('/sign-in?reset=done');
  const { register, handleSubmit, formState, watch } = useForm({
    resolver: zodResolver(commands.resetPassword.pick({ password: true })),
    defaultValues: { password: '' },
  });
  return (
    <AuthForm
      error={error}
      busy={busy}
      action={t('resetSubmit')}
      onSubmit={handleSubmit(({ password }) =>
        submit(() => api.auth.resetPassword.mutate({ code, password }), { not_found: t('resetDeadText') }),
      )}
    >
      <NewPasswordField
        label={t('newPassword')}
        typed={watch('password')}
        invalid={formState.errors.password !== undefined}
        refused={weakness}
        autoFocus
        {...register('password')}
      />
    </AuthForm>
  );
}
