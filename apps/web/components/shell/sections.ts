import type { ConversationKind, InboxEntry } from '@lockstep/protocol';

/** In the order of the sidebar. */
export const SECTIONS = ['channel', 'group', 'direct'] as const satisfies readonly ConversationKind[];

export type ListItem =
  | { type: 'section'; kind: ConversationKind; collapsed: boolean; unread: number; count: number }
  | { type: 'conversation'; entry: InboxEntry }
  | { type: 'empty'; kind: ConversationKind };

export const itemKey = (item: ListItem): string =>
  item.type === 'conversation' ? item.entry.conversation.id : `${item.type}-${item.kind}`;

export const isUnread = (entry: InboxEntry): boolean => entry.unread > 0 || entry.markedUnread;

/**
 * The sidebar as one flat list, so that a list of 10,000 can be virtualised. `entries` come sorted; a collapsed section
 * keeps what is unread and what is open in sight.
 */
export const listItems = (
  entries: readonly InboxEntry[],
  collapsed: ReadonlySet<ConversationKind>,
  openId: string | null,
): ListItem[] => {
  const items: ListItem[] = [];
  for (const kind of SECTIONS) {
    const mine = entries.filter((entry) => entry.conversation.kind === kind);
    const isCollapsed = collapsed.has(kind);
    const unread = mine.reduce((sum, entry) => sum + entry.unread, 0);
    items.push({ type: 'section', kind, collapsed: isCollapsed, unread, count: mine.length });
    if (mine.length === 0 && !isCollapsed) items.push({ type: 'empty', kind });
    for (const entry of mine) {
      if (isCollapsed && !isUnread(entry) && entry.conversation.id !== openId) continue;
      items.push({ type: 'conversation', entry });
    }
  }
  return items;
};

const fold = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

/** Conversations whose name has every word of the query, names that start with the query first. */
export const filterEntries = (
  entries: readonly InboxEntry[],
  query: string,
  nameOf: (entry: InboxEntry) => string,
): InboxEntry[] => {
  const whole = fold(query.trim().replace(/^[#@]/, ''));
  const words = whole.split(/\s+/).filter(Boolean);
  const found: { entry: InboxEntry; starts: boolean }[] = [];
  for (const entry of entries) {
    const name = fold(nameOf(entry));
    if (words.every((word) => name.includes(word))) found.push({ entry, starts: name.startsWith(whole) });
  }
  return [...found.filter((hit) => hit.starts), ...found.filter((hit) => !hit.starts)].map(
    (hit) => hit.entry,
  );
};
