import type { Call, Calls } from './port.ts';

/** Gives a call the types of the contract. */
export const callsOver = (call: Call): Calls => ({
  query: (name, ...[input, options]) => call('query', name, input, options) as never,
  mutate: (name, ...[input, options]) => call('mutation', name, input, options) as never,
});
