/** For comparing names as people type them: without case, accents, width, and what shows nothing. */
export { foldName as fold } from '@lockstep/protocol';
