export * from './apply.ts';
export { createEngine } from './engine.ts';
export { codeOf, isTransient, toLockstepError } from './faults.ts';
export * from './ports.ts';
export * from './store/index.ts';
export * from './tabs/index.ts';
export * from './transport/index.ts';
export * from './types.ts';
export { uuidv7 } from './uuid.ts';
