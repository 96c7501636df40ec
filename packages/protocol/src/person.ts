import type { Millis } from './ids.ts';

/** Someone who can be written to. A placeholder came in with an import and has no sign-in until it is claimed. */
export interface Person {
  id: string;
  name: string;
  image: string | null;
  placeholder: boolean;
  lastSeenAt: Millis | null;
}

/** The signed-in person. */
export interface Me extends Person {
  email: string;
  /** Of the workspace, not of a conversation. */
  role: 'admin' | 'member';
  sessionId: string;
}
