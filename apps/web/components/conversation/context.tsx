'use client';

import type { InboxEntry, Message } from '@lockstep/protocol';
import { createContext, use } from 'react';

/** What every part of an open conversation may need; the actions never change while it is open. */
export interface ConversationContextValue {
  entry: InboxEntry;
  meId: string;
  /** How it is called: its title, or the other person's name. */
  title: string;
  actions: ConversationActions;
}

export interface ConversationActions {
  copy(body: string): void;
  copyLink(message: Message): void;
  /** Opens the calendar beside `anchor`, at `day` (by default the day in view). */
  pickDate(anchor: HTMLElement, day?: number): void;
  edit(message: Message): void;
  /** Asks first. */
  recall(message: Message): void;
  retry(clientId: string): void;
  discard(clientId: string): void;
  focusComposer(): void;
}

const Context = createContext<ConversationContextValue | null>(null);
export const ConversationProvider = Context.Provider;

/** Only within a ConversationView. */
export const useConversation = (): ConversationContextValue => {
  const value = use(Context);
  if (!value) throw new Error('useConversation is used outside of a ConversationView');
  return value;
};

/** My text messages, while they have a text. */
export const canEdit = (message: Message, meId: string): boolean =>
  message.senderId === meId && message.body !== null && message.system === null;

/** Mine, or anyone's where I keep order in the conversation. */
export const canRecall = (message: Message, entry: InboxEntry, meId: string): boolean =>
  message.body !== null &&
  message.system === null &&
  (message.senderId === meId || entry.role === 'owner' || entry.role === 'admin');
