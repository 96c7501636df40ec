import { z } from 'zod';
import { PEOPLE_FILTERS, WORKSPACE_ROLES } from './closed-lists.ts';
import { id, millis, rev } from './ids.ts';
import { earlierTexts } from './workspace.ts';

/** Someone who can be written to. A placeholder came in with an import and has no sign-in until it is claimed. */
export const person = z.strictObject({
  id,
  name: z.string(),
  image: z.string().nullable(),
  placeholder: z.boolean(),
  lastSeenAt: millis.nullable(),
  /** `rev` of the latest change of the fields above except `lastSeenAt`; the state with the greater one is newer. */
  rev,
  /** An admin of the workspace: marked wherever a person is chosen or trusted. Left out of everybody else. */
  admin: z.literal(true).optional(),
  /** Cannot sign in any more. Left out of everybody else. */
  deactivated: z.literal(true).optional(),
  /** When this person joined; only present if another name looks like this one, to distinguish them. */
  lookAlike: millis.optional(),
});
export type Person = z.infer<typeof person>;

/** Of the workspace, not of a conversation. */
export const workspaceRole = z.enum(WORKSPACE_ROLES);

/** The signed-in person. */
export const me = person.extend({
  email: z.string(),
  role: workspaceRole,
  sessionId: id,
  /** Who may read the earlier texts of edited messages; shown while editing. */
  earlierTexts,
});
export type Me = z.infer<typeof me>;

/** A person as admins of the workspace see them. */
export const managedPerson = person.extend({
  email: z.string(),
  role: workspaceRole,
  createdAt: millis,
  deactivatedAt: millis.nullable(),
  /** When a device of theirs was last used; null when there never was one. */
  lastActiveAt: millis.nullable(),
  /** Sessions that have not ended. */
  devices: z.int().min(0),
  /** A link to set a new password is waiting; when it expires. */
  resetUntil: millis.nullable(),
});
export type ManagedPerson = z.infer<typeof managedPerson>;

export const managedPeoplePage = z.strictObject({
  /** By name. */
  people: z.array(managedPerson),
  /** Pass as `after` for the next page; null after the last. */
  next: id.nullable(),
  /** How many there are of each filter, whatever was searched for. With the first page only. */
  counts: z.record(z.enum(PEOPLE_FILTERS), z.int().min(0)).nullable(),
});
export type ManagedPeoplePage = z.infer<typeof managedPeoplePage>;

/** The code is returned once; only its hash is stored. */
export const resetLink = z.strictObject({ code: z.string(), expiresAt: millis });
export type ResetLink = z.infer<typeof resetLink>;

/** What has changed of people after a `rev`, each in the newest state, ascending by `rev`. */
export const peopleChanges = z.strictObject({
  /** The requested cursor. Null: from now on, for a device that holds nobody yet. */
  after: rev.nullable(),
  people: z.array(person),
  /** The new cursor. */
  to: rev,
  /** There is more after `to`. */
  more: z.boolean(),
  /**
   * True when the cursor is too far behind, or ahead of the head: everyone held has to be fetched again (rule 8).
   * `people` is then empty and `to` is the head.
   */
  reset: z.boolean(),
});
export type PeopleChanges = z.infer<typeof peopleChanges>;
