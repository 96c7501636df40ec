'use client';

import { LIMITS, type PasswordWeakness } from '@lockstep/protocol';
import { Check, TriangleAlert } from 'lucide-react';
import type { ComponentProps } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { Field } from '../ui/field.tsx';
import { PasswordInput } from '../ui/password-input.tsx';
import { usePasswordCheck } from './use-password-check.ts';

interface NewPasswordFieldProps extends Omit<ComponentProps<typeof PasswordInput>, 'value'> {
  label: string;
  /** The current input. */
  typed: string;
  /** The person it is for, because their name is easily guessed. */
  owner?: { name: string; email: string };
  /** Too short or too long, once it was tried. */
  invalid: boolean;
  /** The server's answer when it was submitted. */
  refused?: PasswordWeakness | null;
}

const WEAKNESS = {
  common: 'weakness.common',
  personal: 'weakness.personal',
  repeats: 'weakness.repeats',
  sequence: 'weakness.sequence',
  guessable: 'weakness.guessable',
} as const satisfies Record<PasswordWeakness, string>;

const NOBODY = { name: '', email: '' };

/** A field for a new password: shows while typing whether it is good enough, and what would be better. */
export function NewPasswordField({
  label,
  typed,
  owner = NOBODY,
  invalid,
  refused = null,
  ...props
}: NewPasswordFieldProps) {
  const t = useTranslations('auth');
  const verdict = usePasswordCheck(typed, owner);
  const weakness = verdict === null ? refused : verdict === 'good' ? null : verdict;
  return (
    <Field
      label={label}
      hint={
        <span role="status" className="block">
          {weakness ? (
            <span data-testid="password-weak" className="flex gap-1.5 text-warning-ink">
              <TriangleAlert aria-hidden className="mt-0.5 size-3.5 shrink-0" />
              <span className="min-w-0">{t(WEAKNESS[weakness])}</span>
            </span>
          ) : verdict === 'good' ? (
            <span data-testid="password-good" className="flex items-center gap-1.5">
              <Check aria-hidden className="size-3.5 shrink-0 text-accent-ink" />
              {t('passwordGood')}
            </span>
          ) : (
            t('passwordHint', { min: LIMITS.passwordMin })
          )}
        </span>
      }
      error={invalid ? t('passwordLength', { min: LIMITS.passwordMin, max: LIMITS.passwordMax }) : undefined}
    >
      {(control) => <PasswordInput {...control} {...props} autoComplete="new-password" />}
    </Field>
  );
}
