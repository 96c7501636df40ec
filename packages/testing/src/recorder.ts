import type { Publisher } from '@lockstep/core';
import type { ChangesEvent, EndedEvent, InboxEntry, PeopleEvent, ReceiptEvent } from '@lockstep/protocol';
import { SERVER_EVENTS, type ServerEvent, type ServerPayload } from '@lockstep/protocol/contract';

export type Published =
  | { to: 'changes'; event: ChangesEvent }
  | { to: 'inbox'; userId: string; entry: InboxEntry }
  | { to: 'receipt'; event: ReceiptEvent }
  | { to: 'people'; event: PeopleEvent }
  | { to: 'searches'; userId: string }
  | { to: 'joined' | 'left'; conversationId: string; userIds: string[] }
  | { to: 'ended'; target: { userId: string; sessionId?: string }; reason: EndedEvent['reason'] };

/** As it goes down a socket, which is checked with the contract: whatever a test looks at. */
const down = <E extends ServerEvent>(name: E, payload: ServerPayload<E>): void =>
  void SERVER_EVENTS[name].parse(payload);

/** Keeps what actions publish, in order: for tests of what is said, not of how it travels. */
export class Recorder implements Publisher {
  readonly all: Published[] = [];
  /** Sessions that count as having a socket open. */
  readonly sockets = new Set<string>();

  changes = (event: ChangesEvent): void => {
    down('changes', [event]);
    this.all.push({ to: 'changes', event });
  };
  inbox = (userId: string, entry: InboxEntry): void => {
    down('inbox', { entry });
    this.all.push({ to: 'inbox', userId, entry });
  };
  receipt = (event: ReceiptEvent): void => {
    down('receipt', event);
    this.all.push({ to: 'receipt', event });
  };
  people = (event: PeopleEvent): void => {
    down('people', event);
    this.all.push({ to: 'people', event });
  };
  searches = (userId: string): void => void this.all.push({ to: 'searches', userId });
  joined = (conversationId: string, userIds: string[]): void =>
    void this.all.push({ to: 'joined', conversationId, userIds });
  left = (conversationId: string, userIds: string[]): void =>
    void this.all.push({ to: 'left', conversationId, userIds });
  ended: Publisher['ended'] = (target, reason) => void this.all.push({ to: 'ended', target, reason });

  connected: Publisher['connected'] = async (ids) => new Set(ids.filter((id) => this.sockets.has(id)));

  of<T extends Published['to']>(to: T): Extract<Published, { to: T }>[] {
    return this.all.filter((one): one is Extract<Published, { to: T }> => one.to === to);
  }

  /** Messages pushed to a conversation, in the order in which they left. */
  messages(conversationId: string) {
    return this.of('changes')
      .filter(({ event }) => event.conversationId === conversationId)
      .flatMap(({ event }) => event.messages);
  }

  clear(): void {
    this.all.length = 0;
  }
}
