import type { Draft, InboxEntry } from '@lockstep/protocol';
import { type Edits, edited, includesAll, unionVersions } from './edits.ts';
import { mergeDrafts } from './merge-drafts.ts';

/** A draft with what is needed to tell this browser's own writes from those of another device. */
export interface LocalDraft {
  readonly conversationId: string;
  readonly text: string;
  /** Of the server's draft on which this one is written. */
  readonly version: number;
  /** The server does not have it yet. */
  readonly pending: boolean;
  /** Two devices wrote at once, and `text` holds both: for the person to tidy up. */
  readonly conflict: boolean;
  /** By this device's clock, in ms. */
  readonly changedAt: number;
  /** The server's text of `version`; null when it is not known any more. */
  readonly known: string | null;
  /**
   * Texts that went out on top of `version`; one of them may be stored without our knowing, by an answer that got lost.
   * Met as the next version they are our own and no conflict.
   */
  readonly tried: readonly string[];
  /** The messages that it was sent as, for as long as the server may still show them as the draft. */
  readonly sent: readonly string[];
  /** The edits of this browser that it has in it: what two tabs hold is put in order by these, never by a clock. */
  readonly edits: Edits;
  /** Those of them that the server's text of `version` is known to have in it. */
  readonly stored: Edits;
}

/** Someone writes or sends: the `n`th time in this tab, at `at` by its clock in ms. */
export interface Edit {
  readonly tab: string;
  readonly n: number;
  readonly at: number;
}

/** Texts remembered: the last ones matter, and they may be long. */
const TEXTS_MAX = 5;

const joined = (earlier: readonly string[], later: readonly string[]): readonly string[] =>
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
  // Once it was one text, or null.
  sent: Array.isArray(record.sent) ? record.sent : [record.sent ?? []].flat(),
});

/** The server has answered with a text: where nothing is pending, all that was written is in it. */
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

/** The person writes. */
export const written = (
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

/** The draft has become a message: it is gone here and now, and whatever of it is still on its way must not stay. */
export const sentAs = (held: LocalDraft | undefined, body: string, edit: Edit): LocalDraft | undefined =>
  held && held.text !== '' ? { ...withText(held, '', edit), sent: joined(held.sent, [body]) } : held;

/** A write goes out. */
export const going = (held: LocalDraft): LocalDraft =>
  held.tried.includes(held.text) ? held : { ...held, tried: joined(held.tried, [held.text]) };

/** The server has answered that it has `text`; what else was tried on the same version may still arrive late. */
export const settled = (held: LocalDraft, draft: Draft | null, text: string): LocalDraft =>
  (draft?.version ?? 0) === held.version && held.text === text
    ? withStored({ ...held, known: text, pending: false })
    : held;

/**
 * What the server has meets what is here (rule 6). Nothing anyone wrote is lost: where two devices wrote on top of the
 * same version, both stay, the server's first (merge-drafts.ts).
 */
export const reconcile = (
  held: LocalDraft | undefined,
  conversationId: string,
  server: Pick<Draft, 'text' | 'version'> | null,
): LocalDraft | undefined => {
  if (!server || (held && server.version <= held.version)) return held;
  const { text, version } = server;
  const news = { known: text, version, tried: [] };
  if (!held) return { ...nothing(conversationId), ...news, text };
  const { edits, changedAt } = held;
  const own = version === held.version + 1 && held.tried.includes(text);
  // What was written here is kept in mind: an older state of it may still come from another tab or the disk.
  if (!own && !held.pending)
    return withStored({ ...nothing(conversationId), ...news, text, edits, changedAt });
  // A write that was given up for lost has arrived after all, or another device still shows what was sent here.
  const isOurs = own || isSent(held, text);
  const next = { ...held, ...news, ...(isOurs ? { pending: held.text !== text } : merged(held, text)) };
  // Once what was sent is no draft on the server any more, the same text would be another one.
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
 * The same draft as two tabs of one browser, or a tab and the disk, know it; in any order the same. Who has all edits of
 * the other in it stands; of what was written without knowing of one another, both texts stay.
 */
export const combined = (a: LocalDraft, b: LocalDraft): LocalDraft => {
  const found =
    a.version === b.version
      ? mergeSameVersion(a, b)
      : a.version < b.version
        ? rebaseOntoNewer(a, b)
        : rebaseOntoNewer(b, a);
  return isSame(found, a) ? a : isSame(found, b) ? b : found;
};

/** Nothing in it that is not in the entry as well, or on the server where no entry is held. */
export const isSpent = (
  { pending, version }: Pick<LocalDraft, 'pending' | 'version'>,
  entry: InboxEntry | undefined,
): boolean => !pending && version <= (entry ? (entry.draft?.version ?? 0) : version);

/** Of the same version. */
const mergeSameVersion = (one: LocalDraft, other: LocalDraft): LocalDraft => {
  // Only for the order of two texts: a clock may be wrong.
  const order = one.changedAt - other.changedAt || (one.text < other.text ? -1 : 1);
  const [a, b] = order < 0 ? [one, other] : [other, one];
  const stored = unionVersions(a.stored, b.stored);
  const shared = {
    known: a.known ?? b.known,
    tried: joined(a.tried, b.tried),
    sent: joined(a.sent, b.sent),
    edits: unionVersions(a.edits, b.edits),
    stored,
  };
  // What is in the version is in both, also where one of them has it from the server and does not know who wrote it.
  const aHasAll = includesAll(unionVersions(a.edits, stored), b.edits);
  const bHasAll = includesAll(unionVersions(b.edits, stored), a.edits);
  // The same edits: one of the two has heard of its write, but not of what only the other has tried.
  if (aHasAll && bHasAll) {
    const heard = a.pending ? b : a;
    return { ...heard, ...shared, pending: heard.pending || shared.tried.length > heard.tried.length };
  }
  // Where nothing is pending all is in the version, and the other was written on top of that.
  const later = aHasAll ? a : bHasAll ? b : !b.pending ? a : !a.pending ? b : null;
  // What the other has tried may be stored yet.
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

/** The newer version, with what was written on the older one and is not in it. */
const rebaseOntoNewer = (low: LocalDraft, high: LocalDraft): LocalDraft => {
  const edits = unionVersions(low.edits, high.edits);
  const stored = unionVersions(low.stored, high.stored);
  // Nothing may be pending on the older one because what was written, and is in the newer one, was taken back or sent.
  const isIn = includesAll(high.edits, low.edits) || (!low.pending && high.known === null);
  if (isIn) return { ...high, edits, stored };
  const next = reconcile(low, low.conversationId, { text: high.known ?? '', version: high.version }) ?? low;
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
