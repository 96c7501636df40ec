// Lists of allowed values. They are separate from the schemas made of them, so that a page that shows a list does not
// load the schemas.

/** What system messages tell (message.ts). */
export const SYSTEM_TYPES = ['created', 'renamed', 'topic', 'joined', 'left', 'role'] as const;

export const WORKSPACE_ROLES = ['admin', 'member'] as const;
export type WorkspaceRole = (typeof WORKSPACE_ROLES)[number];

/** Which people an admin wants to see; `placeholders` are the names that came in with an import. */
export const PEOPLE_FILTERS = ['active', 'admins', 'deactivated', 'placeholders'] as const;
export type PeopleFilter = (typeof PEOPLE_FILTERS)[number];

export const HISTORY_STATES = ['all', 'recalled', 'edited'] as const;
export type HistoryState = (typeof HISTORY_STATES)[number];

export const EXPORT_STATUSES = ['waiting', 'running', 'done', 'failed', 'cancelled', 'expired'] as const;
export type ExportStatus = (typeof EXPORT_STATUSES)[number];

export const AUDIT_ACTIONS = [
  'search',
  /** Opened a conversation around a message. */
  'open',
  /** Earlier texts of a message, and who could see them. */
  'versions',
  'export',
  'download',
  'cancel',
  /** A setting of the workspace: whether members see accesses, who may sign up, who reads earlier texts. */
  'setting',
  /** Of a person in the workspace. */
  'role',
  'deactivate',
  'reactivate',
  /** Ended all sessions of a person. */
  'signOut',
  /** Made a link for a person to set a new password. */
  'resetLink',
  /** Set one's own password, with the one before or with such a link. */
  'password',
  'rename',
  /** Made or revoked an invitation. */
  'invitation',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];
