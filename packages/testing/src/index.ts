export { type TestDatabase, testDatabase } from './cluster.ts';
export { freePort } from './ports.ts';
export { type Stack, startStack } from './stack.ts';
