import {
  type ConversationKind,
  foldName,
  type InboxEntry,
  isArchived,
  isMuted,
  type Millis,
} from '@lockstep/protocol';

/** In the order of the sidebar. `pinned` and `archived` are there only when something is in them. */
export const SECTIONS = ['pinned', 'channel', 'group', 'direct', 'archived'] as const;
export type Section = (typeof SECTIONS)[number];

export type ListItem =
  | { type: 'section'; section: Section; collapsed: boolean; unread: number; count: number }
  | { type: 'conversation'; entry: InboxEntry }
  | { type: 'empty'; section: ConversationKind };

export const itemKey = (item: ListItem): string =>
  item.type === 'conversation' ? item.entry.conversation.id : `${item.type}-${item.section}`;

export const isUnread = (entry: InboxEntry): boolean => entry.unread > 0 || entry.markedUnread;

/** Each conversation is in one section: archived before pinned before its kind. */
export const sectionOf = (entry: InboxEntry, now: Millis): Section =>
  isArchived(entry, now) ? 'archived' : entry.pinnedAt !== null ? 'pinned' : entry.conversation.kind;

/** Which sections are collapsed: `toggled` names those that are not as they begin. The archive begins collapsed. */
export const collapsedSections = (toggled: ReadonlySet<Section>): ReadonlySet<Section> =>
  new Set(SECTIONS.filter((section) => toggled.has(section) !== (section === 'archived')));

/** Rows of a collapsed section that stay visible: unread conversations and the open one. */
const staysInSight = (entry: InboxEntry, section: Section, openId: string | null, now: Millis): boolean =>
  entry.conversation.id === openId ||
  entry.markedUnread ||
  (section !== 'archived' && entry.unread > 0 && !isMuted(entry, now));

/** The sidebar as one flat list, so that a list of 10,000 can be virtualised. `entries` come sorted. */
export const listItems = (
  entries: readonly InboxEntry[],
  collapsed: ReadonlySet<Section>,
  openId: string | null,
  now: Millis,
): ListItem[] => {
  const bySection = new Map<Section, InboxEntry[]>(SECTIONS.map((section) => [section, []]));
  for (const entry of entries) bySection.get(sectionOf(entry, now))?.push(entry);
  bySection.get('pinned')?.sort((a, b) => (b.pinnedAt ?? 0) - (a.pinnedAt ?? 0));
  const items: ListItem[] = [];
  for (const [section, ofSection] of bySection) {
    const optional = section === 'pinned' || section === 'archived';
    if (optional && ofSection.length === 0) continue;
    const isCollapsed = collapsed.has(section);
    const unread = ofSection.reduce((sum, entry) => sum + (isMuted(entry, now) ? 0 : entry.unread), 0);
    items.push({ type: 'section', section, collapsed: isCollapsed, unread, count: ofSection.length });
    if (!optional && ofSection.length === 0 && !isCollapsed) items.push({ type: 'empty', section });
    for (const entry of ofSection) {
      if (isCollapsed && !staysInSight(entry, section, openId, now)) continue;
      items.push({ type: 'conversation', entry });
    }
  }
  return items;
};

/** Conversations whose name has every word of the query, names that start with the query first. */
export const filterEntries = (
  entries: readonly InboxEntry[],
  query: string,
  nameOf: (entry: InboxEntry) => string,
): InboxEntry[] => {
  const whole = foldName(query.trim().replace(/^[#@]/, ''));
  const words = whole.split(/\s+/).filter(Boolean);
  const found: { entry: InboxEntry; starts: boolean }[] = [];
  for (const entry of entries) {
    const name = foldName(nameOf(entry));
    if (words.every((word) => name.includes(word))) found.push({ entry, starts: name.startsWith(whole) });
  }
  return [...found.filter((hit) => hit.starts), ...found.filter((hit) => !hit.starts)].map(
    (hit) => hit.entry,
  );
};
