'use client';

import { commands, LIMITS } from '@lockstep/protocol';
import { useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from '@/i18n/use-translations.ts';
import { api } from '@/lib/api.ts';
import { useDialogs } from '@/lib/dialogs.tsx';
import { useMe } from '@/lib/me.tsx';
import { FormDialog, LineField } from './form-dialog.tsx';
import { useAction } from './use-action.ts';

export function NameDialog() {
  const t = useTranslations('shell');
  const common = useTranslations('common');
  const { me, setMe } = useMe();
  const { hide } = useDialogs();
  const { busy, error, run } = useAction();
  const [name, setName] = useState(me.name);
  const [tried, setTried] = useState(false);
  const invalid = tried && !commands.personName.safeParse(name).success;
  const save = async () => {
    setTried(true);
    if (!commands.personName.safeParse(name).success) return;
    if (await run(async () => setMe(await api.me.rename.mutate({ name })))) {
      hide();
      toast.success(t('nameSaved'));
    }
  };
  return (
    <FormDialog
      title={t('editName')}
      action={common('save')}
      busy={busy}
      error={error}
      className="md:max-w-sm"
      onSubmit={() => void save()}
    >
      <LineField
        label={t('nameLabel')}
        error={invalid && t('titleInvalid', { max: LIMITS.personName })}
        value={name}
        max={LIMITS.personName}
        autoComplete="name"
        onChange={setName}
      />
    </FormDialog>
  );
}
