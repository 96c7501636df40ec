export * from './conversations.ts';
export * from './devices.ts';
export * from './invitations.ts';
export * from './people.ts';
export * from './search.ts';
export * from './timeline.ts';
export * from './workspace.ts';
