export { type TestDatabase, testDatabase } from './cluster.ts';
export { freePort } from './ports.ts';
export { type Published, Recorder } from './recorder.ts';
export { makeWorld, type TestPerson, type World } from './world.ts';
