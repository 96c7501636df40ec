import { z } from 'zod';

/** Users, conversations, sessions and client ids are UUIDs, in lower case. */
export const id = z.uuid().transform((value) => value.toLowerCase());

/** Place of a message in its conversation: dense, 1..n (rule 1). 0 stands for "before the first". */
export const seq = z.int().min(0).max(2_147_483_647);
/** Place of a change in its conversation: dense, 1..m (rule 1). 0 stands for "nothing applied yet". */
export const rev = z.int().min(0).max(2_147_483_647);
/** Place of an entry in a user's inbox: in commit order (rule 4). 0 stands for "nothing applied yet". */
export const pos = z.int().min(0);

export const millis = z.int().min(0).max(253_402_300_799_999);
/** Milliseconds since 1970-01-01T00:00:00Z, by the server's clock. */
export type Millis = number;
