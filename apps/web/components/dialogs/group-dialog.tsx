'use client';

import { commands, LIMITS, type Person } from '@lockstep/protocol';
import { useState } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { api } from '@/lib/api.ts';
import { useMe } from '@/lib/me.tsx';
import { PeoplePicker } from '../people/people-picker.tsx';
import { FormDialog, LineField } from './form-dialog.tsx';
import { useAction } from './use-action.ts';
import { useOpened } from './use-opened.ts';

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
    <FormDialog
      title={t('newGroup')}
      action={t('createGroup')}
      beside={
        <span className="mr-auto text-ink-subtle text-sm" aria-live="polite">
          {t('selected', { count: people.length })}
        </span>
      }
      busy={busy}
      error={error}
      formClassName="min-h-0 flex-1"
      onSubmit={create}
    >
      <LineField
        label={t('groupTitle')}
        error={invalid && t('titleInvalid', { max: LIMITS.conversationTitle })}
        value={title}
        max={LIMITS.conversationTitle}
        placeholder={t('groupTitlePlaceholder')}
        onChange={setTitle}
      />
      <div className="flex min-h-0 flex-1 flex-col gap-1.5">
        <span className="font-medium text-sm">{t('groupPeople')}</span>
        <PeoplePicker
          label={t('searchPeople')}
          chosen={people}
          onChosen={(next) => setPeople(next.slice(0, LIMITS.addMembers))}
          isHidden={(person) => person.id === me.id}
        />
      </div>
    </FormDialog>
  );
}
