import { highlight, type Run } from './highlight.ts';

export interface HighlightJob {
  id: number;
  code: string;
  language: string;
}
export interface HighlightAnswer {
  id: number;
  runs: Run[] | null;
}

/** What is used of a DedicatedWorkerGlobalScope, whose library clashes with the DOM's. */
const scope = self as unknown as {
  onmessage: (event: { data: HighlightJob }) => void;
  postMessage(answer: HighlightAnswer | 'ready'): void;
};

scope.onmessage = ({ data: { id, code, language } }) => {
  scope.postMessage({ id, runs: highlight(code, language) });
};
// Its deadlines begin now: fetching it takes as long as the network does.
scope.postMessage('ready');
