'use client';

import { createContext, use } from 'react';

/** What the page around a conversation view knows and offers: a view reads no address, and can stand in any page. */
export interface ConversationHost {
  /** The message that is wanted, and which visit it is: going there again counts, though the message is the same. */
  link: { seq: number | null; visit: number };
  /** Leads back to where one came from, on screens where that is not beside it; null where there is no such place. */
  back: (() => void) | null;
  /** The details beside the conversation; null where the page has none. */
  details: { open: boolean; toggle(): void } | null;
}

const ALONE: ConversationHost = { link: { seq: null, visit: 0 }, back: null, details: null };

const Context = createContext(ALONE);

export const ConversationHostProvider = Context.Provider;

/** Without a provider a view stands for itself. */
export const useConversationHost = (): ConversationHost => use(Context);
