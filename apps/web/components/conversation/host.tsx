'use client';

import { createContext, use } from 'react';

/** What the page around a conversation view provides: a view does not read the URL and can be used in any page. */
export interface ConversationHost {
  /** The message that is wanted, and which visit it is: going there again counts, though the message is the same. */
  link: { seq: number | null; visit: number };
  /** Goes back to the previous view, on screens too narrow to show both; null if there is none. */
  back: (() => void) | null;
  /** The details beside the conversation; null where the page has none. */
  details: { open: boolean; toggle(): void } | null;
}

const ALONE: ConversationHost = { link: { seq: null, visit: 0 }, back: null, details: null };

const Context = createContext(ALONE);

export const ConversationHostProvider = Context.Provider;

/** Without a provider a view works alone. */
export const useConversationHost = (): ConversationHost => use(Context);
