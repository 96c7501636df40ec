'use client';

import { type InboxEntry, traitsOf } from '@lockstep/protocol';
import { Bookmark, Hash, Lock, Users } from 'lucide-react';
import type { CSSProperties } from 'react';
import { cn } from '@/lib/cn.ts';
import { useMe } from '@/lib/me.tsx';
import { PersonAvatar } from '../people/person-avatar.tsx';
import { hueOf } from '../ui/avatar.tsx';

/** A person, or a tile with the sign of a channel, a group, one's own notes. */
export function ConversationAvatar({ entry, presence = true }: { entry: InboxEntry; presence?: boolean }) {
  const { me } = useMe();
  const { id, kind, visibility } = entry.conversation;
  const { hasPeer, hasHashSign } = traitsOf(kind);
  if (hasPeer && entry.peerId !== null && entry.peerId !== me.id) {
    return <PersonAvatar userId={entry.peerId} presence={presence} />;
  }
  const Sign = visibility === 'private' ? Lock : Hash;
  const Icon = hasPeer ? Bookmark : hasHashSign ? Sign : Users;
  return (
    <span
      aria-hidden
      style={{ '--hue': hueOf(id) } as CSSProperties}
      className={cn(
        'inline-flex size-9 shrink-0 items-center justify-center rounded-md max-md:size-11',
        Icon === Users
          ? 'bg-[oklch(var(--avatar-lightness)_var(--avatar-chroma)_var(--hue))] text-[oklch(var(--avatar-ink-lightness)_var(--avatar-ink-chroma)_var(--hue))]'
          : 'bg-pressed text-ink-muted',
      )}
    >
      <Icon className="size-4.5" strokeWidth={2.25} />
    </span>
  );
}
