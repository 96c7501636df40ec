import type { EarlierTexts } from './admin.ts';
import type { Millis } from './ids.ts';

/** Someone who can be written to. A placeholder came in with an import and has no sign-in until it is claimed. */
export interface Person {
  id: string;
  name: string;
  image: string | null;
  placeholder: boolean;
  lastSeenAt: Millis | null;
  /** Of the latest change of what is above, but for `lastSeenAt`: of two states the one with the greater counts. */
  rev: number;
  /** An admin of the workspace: marked wherever a person is chosen or trusted. Left out of everybody else. */
  admin?: true;
  /** Cannot sign in any more. Left out of everybody else. */
  deactivated?: true;
  /** When this person came: only where another one has a name that looks like this one, to tell them apart. */
  lookAlike?: Millis;
}

/** The signed-in person. */
export interface Me extends Person {
  email: string;
  /** Of the workspace, not of a conversation. */
  role: 'admin' | 'member';
  sessionId: string;
  /** Who may read the earlier texts of what one edits: people are told of it while they edit. */
  earlierTexts: EarlierTexts;
}

export const WORKSPACE_ROLES = ['admin', 'member'] as const;
export type WorkspaceRole = (typeof WORKSPACE_ROLES)[number];

/** A person as admins of the workspace see them. */
export interface ManagedPerson extends Person {
  email: string;
  role: WorkspaceRole;
  createdAt: Millis;
  deactivatedAt: Millis | null;
  /** When a device of theirs was last used; null when there never was one. */
  lastActiveAt: Millis | null;
  /** Sessions that have not ended. */
  devices: number;
  /** A link to set a new password is waiting; when it expires. */
  resetUntil: Millis | null;
}

/** Which people an admin wants to see; `placeholders` are the names that came in with an import. */
export const PEOPLE_FILTERS = ['active', 'admins', 'deactivated', 'placeholders'] as const;
export type PeopleFilter = (typeof PEOPLE_FILTERS)[number];

export interface ManagedPeoplePage {
  /** By name. */
  people: ManagedPerson[];
  /** Pass as `after` for the next page; null after the last. */
  next: string | null;
  /** How many there are of each filter, whatever was searched for. With the first page only. */
  counts: Record<PeopleFilter, number> | null;
}

/** The code is told once; only its hash is stored. */
export interface ResetLink {
  code: string;
  expiresAt: Millis;
}

/** What has changed of people after a `rev`, each in the newest state, ascending by `rev`. */
export interface PeopleChanges {
  /** As it was asked for. Null: from now on, by a device that holds nobody yet. */
  after: number | null;
  people: Person[];
  /** The new cursor. */
  to: number;
  /** There is more after `to`. */
  more: boolean;
  /**
   * True when the cursor is too far behind, or ahead of the head: whoever is held is to be fetched again (rule 8).
   * `people` is then empty and `to` is the head.
   */
  reset: boolean;
}
