// The search of devices in what they hold, made of the same parts as the server's. Imports nothing of ours but the protocol.
export { createLocalSearch, type LocalFound, type LocalSearch, type ToWorker } from './local-search.ts';
export { hitKey, mergeHits } from './merge-hits.ts';
export { beginsName, type DeviceNames, deviceNames, namesIn } from './names.ts';
export { type DeviceAnswer, DeviceSearcher } from './searcher.ts';
