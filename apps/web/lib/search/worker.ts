import type { Plan } from '@lockstep/search/device';
import { type DeviceAnswer, DeviceSearcher } from './device-searcher.ts';
import { DeviceStore } from './device-store.ts';

/** What a page asks; `userId` says whose disk, once, before anything else. */
export type ToWorker = { userId: string } | { run: number; plan: Plan };

/** What is used of a DedicatedWorkerGlobalScope, whose library clashes with the DOM's. */
const scope = self as unknown as {
  onmessage: (event: { data: ToWorker }) => void;
  postMessage(answer: DeviceAnswer): void;
};

let searcher: DeviceSearcher | null = null;

scope.onmessage = ({ data }) => {
  if ('userId' in data) {
    searcher = new DeviceSearcher(new DeviceStore(data.userId, { indexedDB, IDBKeyRange }), (answer) =>
      scope.postMessage(answer),
    );
    void searcher.refresh();
  } else void searcher?.search(data.run, data.plan);
};
