'use client';

import {
  createContext,
  type ReactNode,
  type RefObject,
  useCallback,
  useContext,
  useMemo,
  useRef,
  useState,
} from 'react';

export type DialogRequest =
  | { type: 'direct' }
  | { type: 'group' }
  | { type: 'channel' }
  | { type: 'browse'; query?: string }
  | { type: 'invite' }
  | { type: 'name' }
  | { type: 'addPeople'; conversationId: string }
  | { type: 'leave'; conversationId: string }
  | { type: 'signOut' };

interface Dialogs {
  /** The dialog that is open: one at a time. */
  current: DialogRequest | null;
  show(request: DialogRequest): void;
  hide(): void;
  /** What had the focus when the dialog was asked for. */
  opener: RefObject<HTMLElement | null>;
  /** Whether the details panel is wanted; it shows the conversation at hand. */
  detailsOpen: boolean;
  setDetailsOpen(open: boolean): void;
  toggleDetails(): void;
}

const Context = createContext<Dialogs | null>(null);

/** The focused element; for an item of a menu, which is about to go, the button of the menu. */
const focusedControl = (): HTMLElement | null => {
  const focused = document.activeElement;
  const trigger = focused?.closest('[role=menu]')?.getAttribute('aria-labelledby');
  const control = trigger ? document.getElementById(trigger) : focused;
  return control instanceof HTMLElement && control !== document.body ? control : null;
};

export function DialogsProvider({ children }: { children: ReactNode }) {
  const [current, setCurrent] = useState<DialogRequest | null>(null);
  const [detailsOpen, setDetailsOpen] = useState(false);
  const opener = useRef<HTMLElement | null>(null);
  const show = useCallback((request: DialogRequest) => {
    opener.current ??= focusedControl();
    setCurrent(request);
  }, []);
  const hide = useCallback(() => setCurrent(null), []);
  const toggleDetails = useCallback(() => setDetailsOpen((open) => !open), []);
  const value = useMemo(
    () => ({ current, show, hide, opener, detailsOpen, setDetailsOpen, toggleDetails }),
    [current, show, hide, detailsOpen, toggleDetails],
  );
  return <Context value={value}>{children}</Context>;
}

/** Opens the dialogs of the shell from anywhere inside of it. */
export const useDialogs = (): Dialogs => {
  const dialogs = useContext(Context);
  if (!dialogs) throw new Error('useDialogs needs <DialogsProvider>');
  return dialogs;
};
