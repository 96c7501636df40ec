import type { Command } from '@lockstep/sync';
import type { Ledger } from './ledger.ts';
import { must } from './violation.ts';

/** What a device was asked to do to a message. */
interface Asked {
  tab: string;
  conversationId: string;
  senderId: string;
  clientId: string;
  /** The `seq` or the client id that it was asked by. */
  message: number | string;
  /** Null: to take it back. Each text is written once, so that it tells which edit it is. */
  body: string | null;
}

type Change = Extract<Command, { name: 'edit' | 'recall' }>;

/** The edits and recalls of one device: none may get lost, unless a later one of the same message takes its place. */
export class Changes {
  /** Not known to be on disk. */
  #asked = new Set<Asked>();
  /** On disk, in the order in which they came there. */
  #promised: Asked[] = [];

  ask(asked: Asked, stored: Promise<unknown>): void {
    this.#asked.add(asked);
    void stored.then(() => this.#promise(asked));
  }

  #promise(asked: Asked) {
    if (this.#asked.delete(asked)) this.#promised.push(asked);
  }

  /** Its person has dropped it, and with it those whose place it had taken. */
  dropped(change: Change): void {
    const keys = new Set(this.#promised.filter((one) => isOf(one, change)).map(keyOf));
    this.#promised = this.#promised.filter((one) => !keys.has(keyOf(one)));
  }

  /** A tab is gone. Of what is not on disk nothing is promised; of a private window nothing at all. */
  forgotten(tab: string, onDisk: readonly Command[], isPrivate: boolean): void {
    for (const asked of this.#asked)
      if (asked.tab === tab && onDisk.some((command) => isChange(command) && isOf(asked, command)))
        this.#promise(asked);
    this.#asked = new Set([...this.#asked].filter((asked) => asked.tab !== tab));
    if (isPrivate) this.#promised = [];
  }

  /** `commands`: what is left in all tabs of the device. */
  check(name: string, userId: string, ledger: Ledger, commands: readonly Command[]): void {
    const refused = commands.filter(isChange).filter(({ state }) => state === 'failed');
    const last = new Map(this.#promised.map((one) => [keyOf(one), one]));
    for (const one of last.values()) {
      const what = one.body === null ? 'a recall' : `"${one.body}"`;
      const states = [...ledger.changes(one.conversationId).values()].filter(
        (m) => m.clientId === one.clientId && m.senderId === one.senderId,
      );
      const isDone = states.some((m) => m.body === one.body);
      must(isDone || refused.some((change) => isOf(one, change)), 13, 'change-lost', () => {
        return `${name}: ${what} of ${one.message} of ${one.conversationId} is lost`;
      });
    }
    const unsent = new Set(commands.filter((command) => command.name === 'send').map(({ id }) => id));
    for (const { id, error, args } of refused) {
      // With its message, or with its person, who was out.
      if (unsent.has(args.target.clientId ?? '') || ledger.wasOut(args.conversationId, userId)) continue;
      must(error !== 'not_found', 3, 'change-too-early', () => `${name}: ${id} was refused as of no message`);
    }
  }
}

export const isChange = (command: Command): command is Change =>
  command.name === 'edit' || command.name === 'recall';

const keyOf = ({ conversationId, senderId, clientId, body }: Asked) =>
  [body === null, conversationId, senderId, clientId].join();

const isOf = ({ conversationId, message, body }: Asked, { name, args }: Change): boolean => {
  if (args.conversationId !== conversationId) return false;
  if (name === 'edit') return args.body === body;
  return body === null && (args.target.seq === message || args.target.clientId === message);
};
