import type { Draft } from '@lockstep/protocol';
import type { DraftRecord } from './store/port.ts';

/** A draft with what is needed to tell this browser's own writes from those of another device. */
export interface LocalDraft extends DraftRecord {
  /** The server's text of `version`; null when it is not known any more. */
  readonly known: string | null;
  /**
   * Texts that went out on top of `version`; one of them may be stored without our knowing, by an answer that got lost.
   * Met as the next version they are our own and no conflict.
   */
  readonly tried: readonly string[];
  /** The message that this draft was sent as; until something else is written. */
  readonly sent: string | null;
}

/** Attempts remembered: the last ones matter, and texts may be long. */
const TRIED_MAX = 5;

const nothing = (conversationId: string): LocalDraft => ({
  ...{ conversationId, text: '', version: 0, pending: false, conflict: false, changedAt: 0 },
  ...{ known: '', tried: [], sent: null },
});

/** As it was stored, by this version or another. */
export const draftOf = (record: DraftRecord & Partial<LocalDraft>): LocalDraft => ({
  ...nothing(record.conversationId),
  known: record.pending ? null : record.text,
  ...record,
});

const withText = (held: LocalDraft, text: string, now: number): LocalDraft => ({
  ...held,
  text,
  conflict: false,
  pending: text !== held.known || held.tried.length > 0,
  // One device's clock may go back; its edits do not.
  changedAt: Math.max(now, held.changedAt + 1),
});

/** The person writes. */
export const written = (
  held: LocalDraft | undefined,
  conversationId: string,
  text: string,
  now: number,
): LocalDraft | undefined => {
  if (!held && text === '') return held;
  const from = held ?? nothing(conversationId);
  return from.text === text && !from.conflict ? from : { ...withText(from, text, now), sent: null };
};

/** The draft has become a message: it is gone here and now, and whatever of it is still on its way must not stay. */
export const sentAs = (held: LocalDraft | undefined, body: string, now: number): LocalDraft | undefined =>
  held && (held.text !== '' || held.pending) ? { ...withText(held, '', now), sent: body } : held;

/** A write goes out. */
export const going = (held: LocalDraft): LocalDraft =>
  held.tried.includes(held.text) ? held : { ...held, tried: [...held.tried, held.text].slice(-TRIED_MAX) };

/** The server has answered that it has `text`; what else was tried on the same version may still arrive late. */
export const settled = (held: LocalDraft, draft: Draft | null, text: string): LocalDraft =>
  (draft?.version ?? 0) === held.version && held.text === text
    ? { ...held, known: text, pending: false }
    : held;

/**
 * What the server has meets what is here (rule 6). Nothing anyone wrote is lost: where two devices wrote on top of the
 * same version, both texts stay, the server's first.
 */
export const reconcile = (
  held: LocalDraft | undefined,
  conversationId: string,
  server: Pick<Draft, 'text' | 'version'> | null,
): LocalDraft | undefined => {
  if (!server || (held && server.version <= held.version)) return held;
  const { text, version } = server;
  const next = { known: text, version, tried: [] };
  if (!held) return { ...nothing(conversationId), ...next, text };
  const own = version === held.version + 1 && held.tried.includes(text);
  // A write that was given up for lost has arrived after all, or another device still shows what was sent here.
  if (own || (held.pending && isSent(held, text))) return { ...held, ...next, pending: held.text !== text };
  // When it was last written here is kept: an older state of it may still come from another tab or the disk.
  if (!held.pending) return { ...nothing(conversationId), ...next, text, changedAt: held.changedAt };
  return { ...held, ...next, ...merged(held, text) };
};

const isSent = (held: LocalDraft, text: string) => held.sent !== null && text.trim() === held.sent.trim();

/** Nothing of two texts is lost; said once where one has the other in it. */
export const both = (theirs: string, ours: string): string =>
  theirs.includes(ours) ? theirs : ours.includes(theirs) ? ours : `${theirs}\n${ours}`;

/** What was sent here, another device or tab has put together with its own: there it goes too. */
const withoutSent = ({ sent, known, tried }: LocalDraft, text: string): string => {
  for (const mine of [known, ...tried]) {
    if (!mine || !sent?.includes(mine)) continue;
    if (text.startsWith(`${mine}\n`)) return text.slice(mine.length + 1);
    if (text.endsWith(`\n${mine}`)) return text.slice(0, -mine.length - 1);
  }
  return text;
};

const merged = (held: LocalDraft, text: string) => {
  const left = held.text === '' ? withoutSent(held, text) : text;
  if (left !== text) return { text: left, pending: true, conflict: true };
  // What an earlier merge has put before it is the server's to keep or to take away: it may have been sent meanwhile.
  const before = held.conflict && held.known ? `${held.known}\n` : '';
  const own = held.text.startsWith(before) ? held.text.slice(before.length) : held.text;
  const next = both(text, own);
  const conflict = held.conflict || (next !== text && next !== own);
  return { text: next, pending: next !== text, conflict, sent: null };
};

/** The same draft as two tabs of one browser know it: the later edit, on the later version. In any order the same. */
export const combined = (a: LocalDraft, b: LocalDraft): LocalDraft => {
  if (a.version === b.version) {
    const later = a.changedAt === b.changedAt ? (a.pending ? b : a) : a.changedAt > b.changedAt ? a : b;
    const tried = [...new Set([...a.tried, ...b.tried])].slice(-TRIED_MAX);
    return tried.length === later.tried.length ? later : { ...later, tried };
  }
  const [low, high] = a.version < b.version ? [a, b] : [b, a];
  if (!low.pending || high.changedAt >= low.changedAt) return high;
  const raised = reconcile(low, low.conversationId, { text: high.known ?? '', version: high.version }) ?? low;
  return { ...raised, tried: high.tried, pending: raised.pending || high.tried.length > 0 };
};
