import type { Draft } from '@lockstep/protocol';
import type { DraftState } from './types.ts';

/** A draft with what is needed to tell this device's own writes from those of another. */
export interface DraftRecord extends DraftState {
  /** The server's text of `version`. */
  readonly known: string;
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

const NOTHING = { text: '', version: 0, pending: false, conflict: false, known: '', tried: [], sent: null };

const withText = (held: DraftRecord, text: string): DraftRecord => ({
  ...held,
  text,
  conflict: false,
  pending: text !== held.known || held.tried.length > 0,
});

/** The person writes. */
export const written = (held: DraftRecord = NOTHING, text: string): DraftRecord =>
  held.text === text && !held.conflict ? held : { ...withText(held, text), sent: null };

/** The draft has become a message: it is gone here and now, and whatever of it is still on its way must not stay. */
export const sentAs = (held: DraftRecord | undefined, body: string): DraftRecord | undefined =>
  held && (held.text !== '' || held.pending) ? { ...withText(held, ''), sent: body } : held;

/** A write goes out. */
export const going = (held: DraftRecord): DraftRecord =>
  held.tried.includes(held.text) ? held : { ...held, tried: [...held.tried, held.text].slice(-TRIED_MAX) };

/** The server has answered that `text` is what it has now; `tried` at the same version may still arrive late. */
export const settled = (held: DraftRecord, draft: Draft | null, text: string): DraftRecord => {
  const version = draft?.version ?? 0;
  if (version !== held.version || (draft?.text ?? '') !== text || held.text !== text) return held;
  return { ...held, pending: false };
};

/**
 * What the server has meets what is here (rule 6). Nothing anyone wrote is lost: where two devices wrote on top of the
 * same version, both texts stay, the server's first.
 */
export const reconcile = (held: DraftRecord | undefined, server: Draft | null): DraftRecord | undefined => {
  if (!server || (held && server.version <= held.version)) return held;
  const { text, version } = server;
  const next = { known: text, version, tried: [] };
  if (!held) return { ...NOTHING, ...next, text };
  const own = version === held.version + 1 && held.tried.includes(text);
  // A write that was given up for lost has arrived after all, or another device still shows what was sent here.
  if (own || (held.pending && isSent(held, text))) return { ...held, ...next, pending: held.text !== text };
  if (!held.pending) return { ...NOTHING, ...next, text };
  return { ...held, ...next, ...merged(held, text) };
};

const isSent = (held: DraftRecord, text: string) => held.sent !== null && text.trim() === held.sent.trim();

const merged = (held: DraftRecord, text: string) => {
  const both = text.includes(held.text)
    ? text
    : held.text.includes(text)
      ? held.text
      : `${text}\n${held.text}`;
  const conflict = held.conflict || (both !== text && both !== held.text);
  return { text: both, pending: both !== text, conflict, sent: null };
};
