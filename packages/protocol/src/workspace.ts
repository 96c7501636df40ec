import { z } from 'zod';
import { id, millis } from './ids.ts';

export const signUpMode = z.enum(['open', 'invitation']);

/** What anyone may see before signing in. */
export const workspaceStatus = z.strictObject({
  /** False until the first account, which becomes the admin, is made. */
  ready: z.boolean(),
  signUp: signUpMode,
});
export type WorkspaceStatus = z.infer<typeof workspaceStatus>;

/** Who may read the earlier texts of an edited message: all members, or its author and administrators. */
export const earlierTexts = z.enum(['members', 'author']);
export type EarlierTexts = z.infer<typeof earlierTexts>;

/** Without its code, which is shown once when it is made. */
export const invitation = z.strictObject({
  id,
  createdAt: millis,
  expiresAt: millis,
  usesLeft: z.int().min(0),
  claims: z.string().nullable(),
});
export type Invitation = z.infer<typeof invitation>;
