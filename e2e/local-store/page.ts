import { DiskStore } from '@lockstep/sync/store/disk';
import { browserTabs } from '@lockstep/sync/tabs/browser';

/** What the pages of local-store.spec.ts have at hand. */
const tools = {
  DiskStore,
  browserTabs,
  store: null as DiskStore | null,
  epoch: 0,
  tabs: null as ReturnType<typeof browserTabs> | null,
  reported: [] as string[],
  heard: [] as string[],
};

declare global {
  interface Window {
    tools: typeof tools;
  }
}
window.tools = tools;
