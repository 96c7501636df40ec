import { z } from 'zod';
import { id, seq } from './ids.ts';

/** A run of messages, by `seq`, both ends inclusive. */
export const digestRange = z.strictObject({ conversationId: id, from: seq.min(1), to: seq.min(1) });
export type DigestRange = z.infer<typeof digestRange>;

const digest = z.string().regex(/^[0-9a-f]{16}$/);

/**
 * The server's digests for a device to compare with (rule 12). Digests are 16 hex digits; they detect mistakes, not
 * manipulation.
 */
export const stateDigest = z.strictObject({
  /** Of all conversations together. */
  overall: digest,
  /** By conversation id. */
  conversations: z.record(z.string(), digest),
  /** Of the runs of messages asked for, in their order; null where this person may not see the conversation. */
  ranges: z.array(digest.nullable()),
});
export type StateDigest = z.infer<typeof stateDigest>;
