import type { Draft, InboxEntry } from '@lockstep/protocol';
import { type Edits, edited, includesAll, unionVersions } from './edits.ts';
import { mergeDrafts } from './merge-drafts.ts';

/** A draft, with what is needed to distinguish this browser's writes from those of another device. */
export interface LocalDraft {
  readonly conversationId: string;
  readonly text: string;
  /** Version of the server's draft that this one is based on. */
  readonly version: number;
  /** The server does not have it yet. */
  readonly pending: boolean;
  /** Two devices wrote at the same time and `text` contains both; the user has to tidy up. */
  readonly conflict: boolean;
  /** By this device's clock, in ms. */
  readonly changedAt: number;
  /** The server's text at `version`; null if no longer known. */
  readonly known: string | null;
  /**
   * Texts sent on top of `version`. One of them may be stored although its answer was lost; if it comes back as the
   * next version it is our own and no conflict.
   */
  readonly tried: readonly string[];
  /** The messages that it was sent as, for as long as the server may still show them as the draft. */
  readonly sent: readonly string[];
  /** The edits of this browser that it includes. They order the states of two tabs, never a clock. */
  readonly edits: Edits;
  /** Those of the edits that the server's text at `version` is known to include. */
  readonly stored: Edits;
}

/** An edit or a send: the `n`th in this tab, at `at` by its clock in ms. */
export interface Edit {
  readonly tab: string;
  readonly n: number;
  readonly at: number;
}

/** How many texts are remembered; only the last ones matter, and they may be long. */
const TEXTS_MAX = 5;

const appendTexts = (earlier: readonly string[], later: readonly string[]): readonly string[] =>
  [...new Set([...earlier, ...later])].slice(-TEXTS_MAX);

const nothing = (conversationId: string): LocalDraft => ({
  ...{ conversationId, text: '', version: 0, pending: false, conflict: false, changedAt: 0 },
  ...{ known: '', tried: [], sent: [], edits: {}, stored: {} },
});

/** As it was stored, by this version or another. */
export const draftOf = (record: Pick<LocalDraft, 'conversationId'> & Partial<LocalDraft>): LocalDraft => ({
  ...nothing(record.conversationId),
  known: record.pending ? null : (record.text ?? ''),
  stored: (!record.pending && record.edits) || {},
  ...record,
  // An earlier version stored one text, or null.
  sent: Array.isArray(record.sent) ? record.sent : [record.sent ?? []].flat(),
});

/** The server has answered with a text. If nothing is pending, it includes everything written. */
const withStored = (draft: LocalDraft): LocalDraft =>
  draft.pending ? draft : { ...draft, stored: draft.edits };

const withText = (held: LocalDraft, text: string, { tab, n, at }: Edit): LocalDraft => ({
  ...held,
  text,
  conflict: false,
  pending: text !== held.known || held.tried.length > 0,
  changedAt: at,
  edits: edited(held.edits, tab, n),
});

/** The user types. */
export const withWritten = (
  held: LocalDraft | undefined,
  conversationId: string,
  text: string,
  edit: Edit,
): LocalDraft | undefined => {
  if (!held && text === '') return held;
  const from = held ?? nothing(conversationId);
  if (from.text === text && !from.conflict) return from;
  return { ...withText(from, text, edit), sent: from.pending ? from.sent : [] };
};

/**
 * The draft was sent as a message: it is cleared immediately, and writes of it still under way must not bring it
 * back.
 */
export const sentAs = (held: LocalDraft | undefined, body: string, edit: Edit): LocalDraft | undefined =>
  held && held.text !== '' ? { ...withText(held, '', edit), sent: appendTexts(held.sent, [body]) } : held;

/** A write is being sent. */
export const withTried = (held: LocalDraft): LocalDraft =>
  held.tried.includes(held.text) ? held : { ...held, tried: appendTexts(held.tried, [held.text]) };

/** The server has confirmed `text`; other texts tried on the same version may still arrive late. */
export const withAnswer = (held: LocalDraft, draft: Draft | null, text: string): LocalDraft =>
  (draft?.version ?? 0) === held.version && held.text === text
    ? withStored({ ...held, known: text, pending: false })
    : held;

/**
 * Merges the server's draft into the local one (rule 6). No text is lost: if two devices wrote on top of the same
 * version, both texts are kept, the server's first (merge-drafts.ts).
 */
export const applyServerDraft = (
  held: LocalDraft | undefined,
  conversationId: string,
  server: Pick<Draft, 'text' | 'version'> | null,
): LocalDraft | undefined => {
  if (!server || (held && server.version <= held.version)) return held;
  const { text, version } = server;
  const fromServer = { known: text, version, tried: [] };
  if (!held) return { ...nothing(conversationId), ...fromServer, text };
  const { edits, changedAt } = held;
  const own = version === held.version + 1 && held.tried.includes(text);
  // Keep the edits: an older state may still come from another tab or the disk.
  if (!own && !held.pending)
    return withStored({ ...nothing(conversationId), ...fromServer, text, edits, changedAt });
  // A write that seemed lost has arrived after all, or another device still has the text that was sent here.
  const isOwnText = own || isSent(held, text);
  const next = {
    ...held,
    ...fromServer,
    ...(isOwnText ? { pending: held.text !== text } : merged(held, text)),
  };
  // Once the server's draft is no longer the sent text, the same text typed again is a new draft.
  return next.pending ? next : withStored({ ...next, sent: [] });
};

/** All of it. */
const isSent = (held: LocalDraft, text: string) => held.sent.some((body) => body.trim() === text.trim());

const merged = (held: LocalDraft, text: string) => {
  const next = mergeDrafts(held.known ?? '', text, held.text, held.tried);
  const conflict = held.conflict || (next !== text && next !== held.text);
  return { text: next, pending: next !== text, conflict };
};

/**
 * Merges two states of one draft, from two tabs of one browser or from a tab and the disk; commutative. A state that
 * includes all edits of the other wins; of concurrent edits both texts are kept.
 */
export const mergeLocalDrafts = (a: LocalDraft, b: LocalDraft): LocalDraft => {
  const found =
    a.version === b.version
      ? mergeSameVersion(a, b)
      : a.version < b.version
        ? rebaseOntoNewer(a, b)
        : rebaseOntoNewer(b, a);
  return isSame(found, a) ? a : isSame(found, b) ? b : found;
};

/** True if the draft has nothing that is not in the entry, or on the server if no entry is held. */
export const isRedundant = (
  { pending, version }: Pick<LocalDraft, 'pending' | 'version'>,
  entry: InboxEntry | undefined,
): boolean => !pending && version <= (entry ? (entry.draft?.version ?? 0) : version);

/** Of the same version. */
const mergeSameVersion = (one: LocalDraft, other: LocalDraft): LocalDraft => {
  // The clock only decides the order of the two texts, because it may be wrong.
  const order = one.changedAt - other.changedAt || (one.text < other.text ? -1 : 1);
  const [a, b] = order < 0 ? [one, other] : [other, one];
  const stored = unionVersions(a.stored, b.stored);
  const shared = {
    known: a.known ?? b.known,
    tried: appendTexts(a.tried, b.tried),
    sent: appendTexts(a.sent, b.sent),
    edits: unionVersions(a.edits, b.edits),
    stored,
  };
  // Both include the edits of the version, even if one of them got it from the server and does not know the writer.
  const aHasAll = includesAll(unionVersions(a.edits, stored), b.edits);
  const bHasAll = includesAll(unionVersions(b.edits, stored), a.edits);
  // The same edits: one of the two has heard of its write, but not of what only the other has tried.
  if (aHasAll && bHasAll) {
    const heard = a.pending ? b : a;
    return { ...heard, ...shared, pending: heard.pending || shared.tried.length > heard.tried.length };
  }
  // If nothing is pending, everything is in the version and the other state was written on top of it.
  const later = aHasAll ? a : bHasAll ? b : !b.pending ? a : !a.pending ? b : null;
  // A text that the other state has tried may still get stored.
  if (later) {
    const earlier = later === a ? b : a;
    return {
      ...later,
      ...shared,
      pending: later.pending || shared.tried.length > later.tried.length,
      stored: earlier.pending ? stored : unionVersions(stored, earlier.edits),
    };
  }
  const text = mergeDrafts(shared.known ?? '', a.text, b.text, b.tried);
  const conflict = a.conflict || b.conflict || (text !== a.text && text !== b.text);
  return { ...b, ...shared, text, conflict };
};

/** The newer version, with the edits made on the older one that it does not include. */
const rebaseOntoNewer = (low: LocalDraft, high: LocalDraft): LocalDraft => {
  const edits = unionVersions(low.edits, high.edits);
  const stored = unionVersions(low.stored, high.stored);
  // Nothing may be pending on the older one because what was written, and is in the newer one, was taken back or sent.
  const isIn = includesAll(high.edits, low.edits) || (!low.pending && high.known === null);
  if (isIn) return { ...high, edits, stored };
  const next =
    applyServerDraft(low, low.conversationId, { text: high.known ?? '', version: high.version }) ?? low;
  return mergeSameVersion(next, high);
};

const isSame = (a: LocalDraft, b: LocalDraft): boolean =>
  (['text', 'version', 'pending', 'conflict', 'changedAt', 'known'] as const).every(
    (key) => a[key] === b[key],
  ) &&
  a.tried.length === b.tried.length &&
  a.sent.length === b.sent.length &&
  [...a.tried, ...a.sent].join() === [...b.tried, ...b.sent].join() &&
  (['edits', 'stored'] as const).every((key) => includesAll(a[key], b[key]) && includesAll(b[key], a[key]));
