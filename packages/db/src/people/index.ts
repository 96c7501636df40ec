export { notifyAccess } from './access.ts';
export * from './accounts.ts';
export * from './administration.ts';
export * from './changes.ts';
export * from './devices.ts';
export { foldedQuery, gradeOf, likeText, wordsOf } from './folded.ts';
export {
  deleteInvitation,
  insertInvitation,
  isInvitationValid,
  isPlaceholder,
  listInvitations,
} from './invitations.ts';
export { refreshLookAlikes } from './look-alikes.ts';
export * from './password-resets.ts';
export {
  namesAt,
  peopleByIds,
  peopleIn,
  readMe,
  renamePerson,
  searchPeople,
  unknownPeople,
} from './people.ts';
export * from './saved-searches.ts';
export * from './sessions.ts';
export { skeletonsOf } from './skeleton.ts';
export { readUsage, type Usage } from './usage.ts';
export {
  earlierTextsReaders,
  readAccessNotices,
  readGeneration,
  type SignUpMode,
  setAccessNotices,
  setEarlierTexts,
  setSignUpMode,
  workspaceStatus,
} from './workspace.ts';
