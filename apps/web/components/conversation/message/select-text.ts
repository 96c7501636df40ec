import type { Message } from '@lockstep/protocol';

/**
 * Selects the text of a message in a conversation view, so that a part of it can be chosen. On a touch screen a long press opens the menu, and
 * texts cannot be selected otherwise. Ends with the selection.
 */
export const selectText = (view: HTMLElement | null, { senderId, clientId }: Message): void => {
  const key = CSS.escape(`${senderId}:${clientId}`);
  // The menu takes the focus back when it closes, which would end the selection.
  requestAnimationFrame(() => {
    const row = view?.querySelector<HTMLElement>(`[data-testid="message"][data-key="${key}"]`);
    const text = row?.querySelector('[data-testid="message-body"]');
    if (!row || !text) return;
    row.dataset.selecting = '';
    window.getSelection()?.selectAllChildren(text);
    const end = () => {
      if (window.getSelection()?.isCollapsed === false) return;
      delete row.dataset.selecting;
      document.removeEventListener('selectionchange', end);
    };
    document.addEventListener('selectionchange', end);
  });
};
