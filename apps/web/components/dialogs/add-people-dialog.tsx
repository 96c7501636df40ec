'use client';

import { LIMITS, type Person } from '@lockstep/protocol';
import { useState } from 'react';
import { toast } from 'sonner';
import { useTranslations } from '@/i18n/use-translations.ts';
import { api } from '@/lib/api.ts';
import { useDialogs } from '@/lib/dialogs.tsx';
import { useMe } from '@/lib/me.tsx';
import { useSync } from '@/lib/sync/index.ts';
import { useConversationTitle } from '../inbox/use-conversation-title.ts';
import { PeoplePicker } from '../people/people-picker.tsx';
import { Button } from '../ui/button.tsx';
import { DialogContent } from '../ui/dialog.tsx';
import { FormError } from './form-error.tsx';
import { useAction } from './use-action.ts';
import { useMembers } from './use-members.ts';

export function AddPeopleDialog({ conversationId }: { conversationId: string }) {
  const t = useTranslations('shell');
  const common = useTranslations('common');
  const { me } = useMe();
  const { hide } = useDialogs();
  const title = useConversationTitle(useSync((state) => state.inbox.get(conversationId)));
  const { members } = useMembers(conversationId);
  const { busy, error, run } = useAction();
  const [people, setPeople] = useState<Person[]>([]);
  const isMember = (person: Person) => members.some((member) => member.userId === person.id);
  const add = async () => {
    const userIds = people.map((person) => person.id);
    if (await run(() => api.conversations.addMembers.mutate({ conversationId, userIds }))) {
      hide();
      toast.success(t('peopleAdded', { count: userIds.length }));
    }
  };
  return (
    <DialogContent
      title={t('addPeople')}
      description={title}
      footer={
        <>
          <Button onClick={hide}>{common('cancel')}</Button>
          <Button variant="primary" busy={busy} disabled={people.length === 0} onClick={() => void add()}>
            {t('add')}
          </Button>
        </>
      }
    >
      <div className="flex min-h-0 flex-1 flex-col gap-3">
        <FormError text={error} />
        <PeoplePicker
          label={t('searchPeople')}
          autoFocus
          chosen={people}
          onChosen={(next) => setPeople(next.slice(0, LIMITS.addMembers))}
          isHidden={(person) => person.id === me.id}
          isDisabled={(person) => (isMember(person) ? t('alreadyMember') : null)}
        />
      </div>
    </DialogContent>
  );
}
