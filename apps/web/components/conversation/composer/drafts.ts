/** Texts that were begun, by conversation, as long as the page lives. */
const drafts = new Map<string, string>();

export const draftOf = (conversationId: string): string => drafts.get(conversationId) ?? '';

export const keepDraft = (conversationId: string, text: string): void => {
  if (text === '') drafts.delete(conversationId);
  else drafts.set(conversationId, text);
};
