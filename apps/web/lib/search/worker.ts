import { type DeviceAnswer, DeviceSearcher, type ToWorker } from '@lockstep/search/device';
import { HeldMessages } from '@lockstep/sync/store/held-messages';

/** What is used of a DedicatedWorkerGlobalScope, whose library clashes with the DOM's. */
const scope = self as unknown as {
  onmessage: (event: { data: ToWorker }) => void;
  postMessage(answer: DeviceAnswer): void;
};

let searcher: DeviceSearcher | null = null;

scope.onmessage = ({ data }) => {
  if ('userId' in data) {
    searcher = new DeviceSearcher(new HeldMessages(data.userId, { indexedDB, IDBKeyRange }), (answer) =>
      scope.postMessage(answer),
    );
    void searcher.refresh();
  } else void searcher?.search(data.run, data.plan);
};
