'use client';

import { commands, LIMITS } from '@lockstep/protocol';
import { useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from '@/i18n/use-translations.ts';
import { api } from '@/lib/api.ts';
import { useDialogs } from '@/lib/dialogs.tsx';
import { useMe } from '@/lib/me.tsx';
import { Button } from '../ui/button.tsx';
import { DialogContent } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { FormError } from './form-error.tsx';
import { useAction } from './use-action.ts';

const FORM = 'own-name';

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
    <DialogContent
      title={t('editName')}
      className="md:max-w-sm"
      footer={
        <Button form={FORM} type="submit" variant="primary" busy={busy}>
          {common('save')}
        </Button>
      }
    >
      <form
        id={FORM}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
        className="flex flex-col gap-4"
      >
        <FormError text={error} />
        <Field
          label={t('nameLabel')}
          error={invalid ? t('titleInvalid', { max: LIMITS.personName }) : undefined}
        >
          {(control) => (
            <Input
              {...control}
              data-autofocus
              autoComplete="name"
              value={name}
              maxLength={LIMITS.personName * 2}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
      </form>
    </DialogContent>
  );
}
