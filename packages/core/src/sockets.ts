/** What the open sockets read of the store; packages/realtime does not see packages/db. */
export { conversationsOf, type Db, lastSeen, liveSessions, socketRooms, touchLastSeen } from '@lockstep/db';
