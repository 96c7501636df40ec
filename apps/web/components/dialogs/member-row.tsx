'use client';

import { type InboxEntry, type Role, traitsOf } from '@lockstep/protocol';
import { Ellipsis, MessageSquare, UserMinus } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from '@/i18n/use-translations.ts';
import { allowedIn } from '@/lib/allowed.ts';
import { api } from '@/lib/api.ts';
import { useMe } from '@/lib/me.tsx';
import { useNewest } from '@/lib/sync/index.ts';
import { PersonLabel } from '../people/person-label.tsx';
import { Tag } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import {
  Menu,
  MenuContent,
  MenuItem,
  MenuLabel,
  MenuRadioGroup,
  MenuRadioItem,
  MenuSeparator,
  MenuTrigger,
} from '../ui/menu.tsx';
import { useAction } from './use-action.ts';
import type { ListedMember } from './use-members.ts';
import { useOpened } from './use-opened.ts';

const ROLES: Record<Role, 'roleOwner' | 'roleAdmin' | 'roleMember'> = {
  owner: 'roleOwner',
  admin: 'roleAdmin',
  member: 'roleMember',
};

interface MemberRowProps {
  entry: InboxEntry;
  member: ListedMember;
  onChanged: () => void;
}

export function MemberRow({ entry, member, onChanged }: MemberRowProps) {
  const t = useTranslations('shell');
  const { me } = useMe();
  const opened = useOpened();
  const { run } = useAction({ toastErrors: true });
  const [removing, setRemoving] = useState(false);
  const { conversation } = entry;
  const { userId, role } = member;
  const person = useNewest(member.person);
  const isMe = userId === me.id;
  const allowed = allowedIn(entry);
  const { hasPeer, hasRoles } = traitsOf(conversation.kind);
  const mayRemove = !isMe && allowed.remove(role);
  const mayMessage = !isMe && !hasPeer && !person.placeholder;
  const conversationId = conversation.id;

  const changeRole = async (next: string) => {
    if (next === role) return;
    if (await run(() => api.conversations.setRole.mutate({ conversationId, userId, role: next as Role })))
      onChanged();
  };

  return (
    <li className="group flex min-h-11 items-center gap-3 rounded-md px-2 py-1 hover:bg-hover">
      <PersonLabel
        person={person}
        me={isMe}
        tag={role !== 'member' && hasRoles && <Tag>{t(ROLES[role])}</Tag>}
      />
      {(mayRemove || mayMessage || allowed.setRole) && (
        <Menu>
          <MenuTrigger asChild>
            <Button
              variant="ghost"
              size="icon-sm"
              aria-label={t('memberActions', { name: person.name })}
              className="-mr-1 md:opacity-0 md:focus-visible:opacity-100 md:group-hover:opacity-100 md:data-[state=open]:opacity-100"
            >
              <Ellipsis aria-hidden className="size-4" />
            </Button>
          </MenuTrigger>
          <MenuContent align="end">
            {mayMessage && (
              <MenuItem
                onSelect={() =>
                  void run(async () => opened(await api.conversations.openDirect.mutate({ userId })))
                }
              >
                <MessageSquare aria-hidden />
                {t('message')}
              </MenuItem>
            )}
            {allowed.setRole && (
              <>
                {mayMessage && <MenuSeparator />}
                <MenuLabel>{t('role')}</MenuLabel>
                <MenuRadioGroup value={role} onValueChange={(next) => void changeRole(next)}>
                  {(Object.keys(ROLES) as Role[]).map((each) => (
                    <MenuRadioItem key={each} value={each}>
                      {t(ROLES[each])}
                    </MenuRadioItem>
                  ))}
                </MenuRadioGroup>
              </>
            )}
            {mayRemove && (
              <>
                <MenuSeparator />
                <MenuItem danger onSelect={() => setRemoving(true)}>
                  <UserMinus aria-hidden />
                  {t('removeMember')}
                </MenuItem>
              </>
            )}
          </MenuContent>
        </Menu>
      )}
      <ConfirmDialog
        open={removing}
        onOpenChange={setRemoving}
        title={t('removeTitle', { name: person.name })}
        description={t('removeText')}
        confirmLabel={t('removeConfirm')}
        danger
        onConfirm={async () => {
          if (await run(() => api.conversations.removeMember.mutate({ conversationId, userId }))) onChanged();
          return true;
        }}
      />
    </li>
  );
}
