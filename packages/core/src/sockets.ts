/** What the open sockets read from the store; packages/realtime does not import packages/db. */
export {
  type AccessListener,
  type AppenderOptions,
  auditHead,
  awaitSchema,
  conversationsOf,
  createDb,
  type Db,
  lastDiskFull,
  lastSeen,
  listenForAccess,
  liveSessions,
  liveWorkers,
  setDeviceCursors,
  socketRooms,
  touchLastSeen,
} from '@lockstep/db';
