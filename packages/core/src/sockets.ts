/** What the open sockets read of the store; packages/realtime does not see packages/db. */
export {
  type AppenderOptions,
  conversationsOf,
  createDb,
  type Db,
  lastSeen,
  liveSessions,
  liveWorkers,
  setDevicePlaces,
  socketRooms,
  touchLastSeen,
} from '@lockstep/db';
