import { SYSTEM_TYPES } from './closed-lists.ts';
import type { Message, SystemEvent } from './message.ts';

const KNOWN_SYSTEM: ReadonlySet<string> = new Set<SystemEvent['type']>(SYSTEM_TYPES);

/**
 * Whether this version can show all of a message. A newer server may say what it does not know: that is kept as it came,
 * and shown as something to update for, never as something else.
 */
export const isFullyKnown = ({ system, body, recalledAt }: Message): boolean =>
  system ? KNOWN_SYSTEM.has(system.type) : body !== null || recalledAt !== null;
