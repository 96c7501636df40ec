export { fold, isAscii } from '@lockstep/protocol';
