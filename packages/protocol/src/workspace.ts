import type { Millis } from './ids.ts';

/** What anyone may know before signing in. */
export interface WorkspaceStatus {
  /** False until the first account, which becomes the admin, is made. */
  ready: boolean;
  signUp: 'open' | 'invitation';
}

/** Without its code, which is shown once when it is made. */
export interface Invitation {
  id: string;
  createdAt: Millis;
  expiresAt: Millis;
  usesLeft: number;
  claims: string | null;
}
