'use client';

import { useState } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { api } from '@/lib/api.ts';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { Select } from '../ui/select.tsx';
import { FormError } from './form-error.tsx';
import { useAction } from './use-action.ts';

const USES = [1, 5, 10, 50, 100, 1_000] as const;
const DAYS = [1, 7, 30, 90] as const;

/** The link is known only in this moment: the server keeps a hash of its code. */
export function InviteForm({ onCreated }: { onCreated: () => void }) {
  const t = useTranslations('shell');
  const { busy, error, run } = useAction();
  const [uses, setUses] = useState(1);
  const [days, setDays] = useState(7);
  const [link, setLink] = useState<string | null>(null);

  const create = () =>
    run(async () => {
      const { code } = await api.invitations.create.mutate({ days, uses });
      setLink(`${window.location.origin}/sign-up?invite=${encodeURIComponent(code)}`);
      onCreated();
    });

  return (
    <section className="flex flex-col gap-3 rounded-md border border-line p-4">
      <FormError text={error} />
      <div className="grid grid-cols-2 items-end gap-3 sm:grid-cols-[1fr_1fr_auto]">
        <Field label={t('inviteUses')}>
          {(control) => (
            <Select {...control} value={uses} onChange={(event) => setUses(Number(event.target.value))}>
              {USES.map((count) => (
                <option key={count} value={count}>
                  {t('inviteUsesOption', { uses: count })}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t('inviteDays')}>
          {(control) => (
            <Select {...control} value={days} onChange={(event) => setDays(Number(event.target.value))}>
              {DAYS.map((count) => (
                <option key={count} value={count}>
                  {t('inviteDaysOption', { days: count })}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Button
          variant="primary"
          busy={busy}
          className="h-10 max-sm:col-span-2"
          onClick={() => void create()}
        >
          {t('inviteCreate')}
        </Button>
      </div>
      {link && (
        <div className="flex flex-col gap-1.5" aria-live="polite">
          <div className="flex gap-2">
            <Input
              readOnly
              aria-label={t('inviteLink')}
              value={link}
              onFocus={(event) => event.currentTarget.select()}
              className="min-w-0 flex-1 text-ink-muted"
            />
            <CopyButton text={link} className="h-10" />
          </div>
          <p className="text-ink-subtle text-sm">{t('inviteOnce')}</p>
        </div>
      )}
    </section>
  );
}
