export { freePort } from '@lockstep/db/embedded';
