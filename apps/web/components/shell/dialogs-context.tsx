'use client';

import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react';

export type DialogRequest =
  | { type: 'direct' }
  | { type: 'group' }
  | { type: 'channel' }
  | { type: 'browse'; query?: string }
  | { type: 'invite' }
  | { type: 'name' }
  | { type: 'addPeople'; conversationId: string };

interface Dialogs {
  /** The dialog that is open: one at a time. */
  current: DialogRequest | null;
  show(request: DialogRequest): void;
  hide(): void;
  /** Whether the details panel is wanted; it shows the conversation at hand. */
  detailsOpen: boolean;
  setDetailsOpen(open: boolean): void;
  toggleDetails(): void;
}

const Context = createContext<Dialogs | null>(null);

export function DialogsProvider({ children }: { children: ReactNode }) {
  const [current, setCurrent] = useState<DialogRequest | null>(null);
  const [detailsOpen, setDetailsOpen] = useState(false);
  const hide = useCallback(() => setCurrent(null), []);
  const toggleDetails = useCallback(() => setDetailsOpen((open) => !open), []);
  const value = useMemo(
    () => ({ current, show: setCurrent, hide, detailsOpen, setDetailsOpen, toggleDetails }),
    [current, hide, detailsOpen, toggleDetails],
  );
  return <Context value={value}>{children}</Context>;
}

/** Opens the dialogs of the shell from anywhere inside of it. */
export const useDialogs = (): Dialogs => {
  const dialogs = useContext(Context);
  if (!dialogs) throw new Error('useDialogs needs <DialogsProvider>');
  return dialogs;
};
