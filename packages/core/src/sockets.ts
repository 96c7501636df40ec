/** What the open sockets read of the store; packages/realtime does not see packages/db. */
export {
  type AccessListener,
  type AppenderOptions,
  awaitSchema,
  conversationsOf,
  createDb,
  type Db,
  lastDiskFull,
  lastSeen,
  listenForAccess,
  liveSessions,
  liveWorkers,
  setDevicePlaces,
  socketRooms,
  touchLastSeen,
} from '@lockstep/db';
