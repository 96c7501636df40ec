export type { Administrator } from './administer.ts';
export * from './change-password.ts';
export * from './end-person-sessions.ts';
export * from './make-reset-link.ts';
export * from './reset-password.ts';
export * from './set-person-active.ts';
export * from './set-person-role.ts';
