import type { Inspection } from '@lockstep/sync';

/** What a person's network and machine do to a device of the Device Lab. */
export const MODES = ['online', 'offline', 'slow', 'lossy', 'asleep'] as const;
export type Mode = (typeof MODES)[number];

/** From a device in its frame to the page of the lab. */
export interface Report {
  type: 'report';
  mode: Mode;
  inspection: Inspection;
  /** The conversation that is open, or else the latest in the list: where scenarios write. Null in an empty list. */
  conversationId: string | null;
  /** The applied `rev` of it; null where it was never opened. */
  rev: number | null;
}

/** From the page of the lab to a device. */
export type Order =
  | { type: 'mode'; mode: Mode }
  | { type: 'say'; conversationId: string; text: string }
  | { type: 'open'; conversationId: string }
  | { type: 'theme'; theme: string };
