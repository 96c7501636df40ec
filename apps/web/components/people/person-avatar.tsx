'use client';

import { type ComponentProps, useMemo } from 'react';
import { usePerson, useSync } from '@/lib/sync/index.ts';
import { Avatar } from '../ui/avatar.tsx';
import { useWatchPresence } from './watch-presence.tsx';

const useOnline = (userId: string): boolean =>
  useSync((state) => state.presence.get(userId)?.online ?? false);

interface PersonAvatarProps extends Omit<ComponentProps<typeof Avatar>, 'id' | 'name' | 'online'> {
  userId: string;
  /** Where the name is known already. */
  name?: string;
  /** Watches the person and shows the dot. */
  presence?: boolean;
}

export function PersonAvatar({ userId, name, presence = false, ...props }: PersonAvatarProps) {
  const person = usePerson(userId);
  const online = useOnline(userId);
  useWatchPresence(useMemo(() => (presence ? [userId] : []), [presence, userId]));
  return <Avatar id={userId} name={name ?? person?.name ?? ''} online={presence && online} {...props} />;
}
