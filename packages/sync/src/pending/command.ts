import type {
  AnnotationsChange,
  ErrorCode,
  InboxEntry,
  Message,
  SavedSearch,
  Written,
} from '@lockstep/protocol';
import type { MutationName } from '@lockstep/protocol/contract';
import type { PersonalChange } from '../transport/port.ts';
import type { LocalDraft } from './local-draft.ts';

/**
 * A message by its `seq`, or, while it is not sent yet, by its client id. With both, the message of this client id at
 * that place, and no other.
 */
export interface Target {
  readonly seq: number | null;
  readonly clientId: string | null;
}

export type SearchChange =
  | { readonly do: 'note' | 'unsave'; readonly text: string }
  /** Without a text: all recent ones. */
  | { readonly do: 'forget'; readonly text?: string | undefined }
  | { readonly do: 'save'; readonly text: string; readonly name: string | null };

/** What is set beside the text of a message, such as a pin, or a reaction of one's own. */
export interface Annotating {
  /** Names the state that is set: of one and the same the last goes out (rule 13). */
  readonly what: string;
  /** The procedure of the contract that sets it, and its input beside the message. */
  readonly call: MutationName;
  readonly input: Readonly<Record<string, unknown>>;
  /** The annotations that are shown until the server has answered; null takes one away. */
  readonly shows: AnnotationsChange;
}

/** The arguments of each command, by name. */
export interface CommandArgs {
  send: { readonly conversationId: string } & Written;
  edit: {
    readonly conversationId: string;
    readonly target: Target;
    readonly body: string;
    /** `editedAt` of the text that was changed; undefined: the last edit wins. */
    readonly baseEditedAt?: number | null | undefined;
  };
  recall: { readonly conversationId: string; readonly target: Target };
  annotate: { readonly conversationId: string; readonly target: Target } & Annotating;
  read: { readonly conversationId: string; readonly seq: number };
  personal: { readonly conversationId: string; readonly change: PersonalChange };
  draft: LocalDraft;
  search: SearchChange;
}
export type CommandName = keyof CommandArgs;

/** The server's answer to each command. */
export type Answer =
  | { readonly message: Message }
  | { readonly entry: InboxEntry; readonly stored?: boolean }
  | { readonly searches: readonly SavedSearch[] };

/** An action of the user that the server does not have yet: a row of the table of pending writes. */
export interface CommandOf<N extends CommandName> {
  /**
   * For a message, its client id; for a command that sets a state, the name of that state, so only the last command
   * for it exists.
   */
  readonly id: string;
  readonly name: N;
  /** Commands of one key go out one at a time and in their order. */
  readonly key: string;
  readonly args: CommandArgs[N];
  /** Place in the order of sending, across tabs: see `nextOrder`; equal ones go by `id`. */
  readonly order: number;
  /** When it was created, by this device's clock in ms. */
  readonly at: number;
  /** `sending` is known to the tab that sends, and is not stored. */
  readonly state: 'pending' | 'sending' | 'failed';
  /** Why the server refused it; with `failed` only. */
  readonly error: ErrorCode | null;
  /** How often it was sent. */
  readonly tries: number;
  /** `rev` of the resulting change, until the window has it; not stored. */
  readonly storedRev: number | null;
}
export type Command = { [N in CommandName]: CommandOf<N> }[CommandName];

export const isCommand = <N extends CommandName>(
  command: Command | undefined | null,
  name: N,
): command is Extract<Command, { name: N }> => command?.name === name;

export type MessageChange = Extract<Command, { name: 'edit' | 'recall' | 'annotate' }>;

export const isChange = (command: Command): command is MessageChange =>
  command.name === 'edit' || command.name === 'recall' || command.name === 'annotate';

/** It is still to go out, and does not wait for its person. */
export const isWaiting = ({ state, storedRev }: Command): boolean =>
  state === 'pending' && storedRev === null;

/** It is on its way, and what the server makes of it is not known yet. */
export const isOnItsWay = ({ state, storedRev }: Command): boolean =>
  state === 'sending' && storedRev === null;

/** Null: not of one conversation. */
export const conversationOf = ({ args }: Command): string | null =>
  'conversationId' in args ? args.conversationId : null;

export const ids = {
  edit: (conversationId: string, message: number | string) => `edit ${conversationId} ${message}`,
  recall: (conversationId: string, message: number | string) => `recall ${conversationId} ${message}`,
  annotate: (conversationId: string, seq: number, what: string) =>
    `annotate ${conversationId} ${seq} ${what}`,
  read: (conversationId: string) => `read ${conversationId}`,
  personal: (conversationId: string) => `personal ${conversationId}`,
  draft: (conversationId: string) => `draft ${conversationId}`,
};

/** The `order` of a new command: after all commands known to this tab, and by time across tabs. */
export const nextOrder = (known: Iterable<Pick<Command, 'order'>>, now: number): number => {
  let order = now;
  for (const command of known) order = Math.max(order, command.order + 1);
  return order;
};

export const inOrder = (a: Pick<Command, 'id' | 'order'>, b: Pick<Command, 'id' | 'order'>): number =>
  a.order - b.order || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** As stored: `sending` is known only to the tab that sends. */
export const toStored = (command: Command): Command => ({
  ...command,
  state: command.state === 'failed' ? 'failed' : 'pending',
  storedRev: null,
});

/** A command that was given just now. */
export const makeCommand = <N extends CommandName>(
  name: N,
  id: string,
  key: string,
  args: CommandArgs[N],
  order: number,
  at = order,
): CommandOf<N> => ({
  ...{ id, name, key, args, order, at },
  ...{ state: 'pending', error: null, tries: 0, storedRev: null },
});
