'use client';

import {
  hasText,
  type InboxEntry,
  canEdit as isAuthor,
  type Message,
  canRecall as mayRecall,
  stateOf,
} from '@lockstep/protocol';
import { createContext, type ReactNode, type RefObject, use, useMemo } from 'react';

/**
 * The part that never changes while a conversation is open, so that its users do not render again when the entry
 * changes.
 */
export interface ConversationTools {
  meId: string;
  actions: ConversationActions;
  /** All that this view shows: there may be another one in the page. */
  view: RefObject<HTMLElement | null>;
}

/** The context of an open conversation. */
export interface ConversationContextValue extends ConversationTools {
  entry: InboxEntry;
  /** Its title, or the other person's name. */
  title: string;
}

export interface ConversationActions {
  copy(body: string): void;
  copyLink(message: Message): void;
  /** Opens the calendar beside `anchor`, at `day` (by default the day in view). */
  pickDate(anchor: HTMLElement, day?: number): void;
  /** With the text that was refused, where there is one. */
  edit(message: Message): void;
  /** Asks first. */
  recall(message: Message): void;
  /** Of what was refused: by client id, or by the id of the change. */
  retry(id: string): void;
  discard(id: string): void;
  focusComposer(): void;
}

const Context = createContext<ConversationContextValue | null>(null);
const ToolsContext = createContext<ConversationTools | null>(null);

export const ConversationProvider = ({
  value,
  children,
}: {
  value: ConversationContextValue;
  children: ReactNode;
}) => {
  const { meId, actions, view } = value;
  const tools = useMemo(() => ({ meId, actions, view }), [meId, actions, view]);
  return (
    <ToolsContext value={tools}>
      <Context value={value}>{children}</Context>
    </ToolsContext>
  );
};

/** Only within a ConversationView. */
export const useConversation = (): ConversationContextValue => {
  const value = use(Context);
  if (!value) throw new Error('useConversation is used outside of a ConversationView');
  return value;
};

/** The same without the entry: for what there is many of, such as rows. */
export const useConversationTools = (): ConversationTools => {
  const value = use(ToolsContext);
  if (!value) throw new Error('useConversationTools is used outside of a ConversationView');
  return value;
};

/** My text messages, while they have a text. */
export const canEdit = (message: Message, meId: string): boolean =>
  hasText(message) && isAuthor(meId, message);

/** Mine, or anyone's where I keep order in the conversation. */
export const canRecall = (message: Message, entry: InboxEntry, meId: string): boolean =>
  stateOf(message) === 'live' &&
  entry.role !== null &&
  mayRecall(meId, entry.role, message, entry.conversation);
