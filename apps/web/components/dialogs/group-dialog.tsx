'use client';

import { commands, LIMITS, type Person } from '@lockstep/protocol';
import { useState } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { api } from '@/lib/api.ts';
import { useMe } from '@/lib/me.tsx';
import { PeoplePicker } from '../people/people-picker.tsx';
import { Button } from '../ui/button.tsx';
import { DialogContent } from '../ui/dialog.tsx';
import { Field } from '../ui/field.tsx';
import { Input } from '../ui/input.tsx';
import { FormError } from './form-error.tsx';
import { useAction } from './use-action.ts';
import { useOpened } from './use-opened.ts';

const FORM = 'new-group';

export function GroupDialog() {
  const t = useTranslations('shell');
  const { me } = useMe();
  const opened = useOpened();
  const { busy, error, run } = useAction();
  const [title, setTitle] = useState('');
  const [tried, setTried] = useState(false);
  const [people, setPeople] = useState<Person[]>([]);
  const invalid = tried && !commands.title.safeParse(title).success;

  const create = () => {
    setTried(true);
    const input = { title, userIds: people.map((person) => person.id) };
    if (!commands.createGroup.safeParse(input).success) return;
    void run(async () => opened(await api.conversations.createGroup.mutate(input)));
  };

  return (
    <DialogContent
      title={t('newGroup')}
      footer={
        <>
          <span className="mr-auto text-ink-subtle text-sm" aria-live="polite">
            {t('selected', { count: people.length })}
          </span>
          <Button form={FORM} type="submit" variant="primary" busy={busy}>
            {t('createGroup')}
          </Button>
        </>
      }
    >
      <form
        id={FORM}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          create();
        }}
        className="flex min-h-0 flex-1 flex-col gap-4"
      >
        <FormError text={error} />
        <Field
          label={t('groupTitle')}
          error={invalid ? t('titleInvalid', { max: LIMITS.conversationTitle }) : undefined}
        >
          {(control) => (
            <Input
              {...control}
              data-autofocus
              autoComplete="off"
              value={title}
              maxLength={LIMITS.conversationTitle * 2}
              placeholder={t('groupTitlePlaceholder')}
              onChange={(event) => setTitle(event.target.value)}
            />
          )}
        </Field>
        <div className="flex min-h-0 flex-1 flex-col gap-1.5">
          <span className="font-medium text-sm">{t('groupPeople')}</span>
          <PeoplePicker
            label={t('searchPeople')}
            chosen={people}
            onChosen={(next) => setPeople(next.slice(0, LIMITS.addMembers))}
            isHidden={(person) => person.id === me.id}
          />
        </div>
      </form>
    </DialogContent>
  );
}
