import type { InboxEntry, Message, Person } from '@lockstep/protocol';

/** What a search needs of what a device has in memory. */
export interface DeviceState {
  me: { userId: string };
  inbox: ReadonlyMap<string, InboxEntry>;
  people: ReadonlyMap<string, Person>;
  /** The windows that are open, by conversation. */
  timelines: ReadonlyMap<string, { readonly messages: readonly Message[] }>;
}
