'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { commands } from '@lockstep/protocol';
import { useForm } from 'react-hook-form';
import { useTranslations } from '@/i18n/use-translations.ts';
import { api } from '@/lib/api.ts';
import { FormError } from '../dialogs/form-error.tsx';
import { Button } from '../ui/button.tsx';
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
    <form
      method="post"
      noValidate
      onSubmit={handleSubmit(({ password }) =>
        submit(() => api.auth.resetPassword.mutate({ code, password }), { not_found: t('resetDeadText') }),
      )}
      className="flex flex-col gap-4"
    >
      <FormError text={error} />
      <NewPasswordField
        label={t('newPassword')}
        typed={watch('password')}
        invalid={formState.errors.password !== undefined}
        refused={weakness}
        autoFocus
        {...register('password')}
      />
      <Button type="submit" variant="primary" size="lg" busy={busy} className="mt-2 w-full">
        {t('resetSubmit')}
      </Button>
    </form>
  );
}
