'use client';

import { allowedIn } from '@/lib/allowed.ts';
import { useSync } from '@/lib/sync/index.ts';
import { ConversationAbout } from './conversation-about.tsx';
import { LeaveButton } from './leave-button.tsx';
import { MemberList } from './member-list.tsx';

/** Everything about a conversation but its messages; nothing for one that the person is not a member of. */
export function ConversationDetails({ conversationId }: { conversationId: string }) {
  const entry = useSync((state) => state.inbox.get(conversationId));
  if (!entry) return null;
  return (
    <>
      <ConversationAbout entry={entry} />
      <div className="flex-1">
        <MemberList entry={entry} />
      </div>
      {allowedIn(entry).leave && <LeaveButton entry={entry} />}
    </>
  );
}
