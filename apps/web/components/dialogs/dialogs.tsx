'use client';

import { type DialogRequest, useDialogs } from '../../lib/dialogs.tsx';
import { DialogRoot } from '../ui/dialog.tsx';
import { AddPeopleDialog } from './add-people-dialog.tsx';
import { BrowseDialog } from './browse-dialog.tsx';
import { ChannelDialog } from './channel-dialog.tsx';
import { DirectDialog } from './direct-dialog.tsx';
import { GroupDialog } from './group-dialog.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { LeaveDialog } from './leave-dialog.tsx';
import { NameDialog } from './name-dialog.tsx';
import { SignOutDialog } from './sign-out-dialog.tsx';

function Content({ request }: { request: DialogRequest }) {
  switch (request.type) {
    case 'direct':
      return <DirectDialog />;
    case 'group':
      return <GroupDialog />;
    case 'channel':
      return <ChannelDialog />;
    case 'browse':
      return <BrowseDialog {...(request.query ? { query: request.query } : {})} />;
    case 'invite':
      return <InviteDialog />;
    case 'name':
      return <NameDialog />;
    case 'addPeople':
      return <AddPeopleDialog conversationId={request.conversationId} />;
    case 'leave':
    case 'signOut':
      return null; // questions of their own kind: see below
  }
}

/** The one place where the dialogs of the shell are mounted. */
export function Dialogs() {
  const { current, hide, opener } = useDialogs();
  return (
    <>
      <DialogRoot
        open={current !== null && current.type !== 'leave' && current.type !== 'signOut'}
        onOpenChange={(open) => !open && hide()}
        returnFocus={opener}
      >
        {current && <Content request={current} />}
      </DialogRoot>
      <LeaveDialog />
      <SignOutDialog />
    </>
  );
}
