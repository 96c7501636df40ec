'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { commands, type PasswordWeakness } from '@lockstep/protocol';
import { useState } from 'react';
import { useForm } from 'react-hook-form';
import { toast } from 'sonner';
import { useTranslations } from '@/i18n/use-translations.ts';
import { api } from '@/lib/api.ts';
import { errorOf } from '@/lib/error-of.ts';
import { useMe } from '@/lib/me.tsx';
import { NewPasswordField } from '../auth/new-password-field.tsx';
import { FormError } from '../dialogs/form-error.tsx';
import { Button } from '../ui/button.tsx';
import { Field } from '../ui/field.tsx';
import { PasswordInput } from '../ui/password-input.tsx';

const EMPTY = { current: '', password: '' };

/** Changes one's own password; every other device is signed out. */
export function PasswordSection() {
  const t = useTranslations('settings.password');
  const root = useTranslations();
  const { me } = useMe();
  const [error, setError] = useState<string | null>(null);
  const [weakness, setWeakness] = useState<PasswordWeakness | null>(null);
  const { register, handleSubmit, formState, watch, reset, setFocus } = useForm({
    resolver: zodResolver(commands.changePassword),
    defaultValues: EMPTY,
  });
  const { errors, isSubmitting } = formState;

  const change = async (input: typeof EMPTY) => {
    setError(null);
    setWeakness(null);
    if (input.current === '') return setFocus('current');
    try {
      const { devices } = await api.me.changePassword.mutate(input);
      reset(EMPTY);
      toast.success(t('saved', { count: devices }));
    } catch (thrown) {
      const { code, weakness: why = null, retryAfterMs = 0 } = errorOf(thrown);
      const seconds = Math.ceil(retryAfterMs / 1_000);
      setWeakness(why);
      if (code === 'weak_password') return setFocus('password');
      setError(
        code === 'bad_credentials'
          ? t('currentWrong')
          : code === 'rate_limited' && seconds > 0
            ? root('auth.rateLimited', { seconds })
            : root(`errors.${code}`),
      );
      if (code === 'bad_credentials') setFocus('current');
    }
  };
  return (
    <>
      <p className="mb-4 text-pretty text-ink-muted">{t('text')}</p>
      <form
        method="post"
        noValidate
        onSubmit={handleSubmit(change)}
        className="flex max-w-sm flex-col gap-4 max-md:max-w-none"
      >
        {/* For password managers: whose it is. */}
        <input type="email" autoComplete="username" value={me.email} readOnly hidden />
        <FormError text={error} />
        <Field label={t('current')} hint={t('forgotten')} error={errors.current && t('currentMissing')}>
          {(control) => (
            <PasswordInput {...control} {...register('current')} required autoComplete="current-password" />
          )}
        </Field>
        <NewPasswordField
          label={t('new')}
          typed={watch('password')}
          owner={me}
          invalid={errors.password !== undefined}
          refused={weakness}
          {...register('password')}
        />
        <Button
          type="submit"
          variant="primary"
          busy={isSubmitting}
          className="self-start max-md:self-stretch"
        >
          {t('save')}
        </Button>
      </form>
    </>
  );
}
