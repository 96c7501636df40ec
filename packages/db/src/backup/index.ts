export { BackupError } from './fault.ts';
export type { Manifest } from './manifest.ts';
export { type MoveOptions, moveDatabase } from './move.ts';
export { checkDataDir, type OpenBackup, openBackup, type RestoreOptions, restoreBackup } from './restore.ts';
export { type VerifyOptions, verifyBackup } from './verify.ts';
export { type Backup, type BackupOptions, backUp } from './write.ts';
