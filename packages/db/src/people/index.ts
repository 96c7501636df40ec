export * from './accounts.ts';
export * from './devices.ts';
export {
  deleteInvitation,
  insertInvitation,
  isInvitationValid,
  isPlaceholder,
  listInvitations,
} from './invitations.ts';
export {
  likeText,
  peopleByIds,
  peopleIn,
  readMe,
  renamePerson,
  searchPeople,
  unknownPeople,
} from './people.ts';
export * from './saved-searches.ts';
export * from './sessions.ts';
export { type SignUpMode, setSignUpMode, setTellLooks, tellsLooks, workspaceStatus } from './workspace.ts';
