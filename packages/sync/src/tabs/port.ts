import type { Answer, Command, CommandArgs, CommandName } from '../pending/command.ts';

/**
 * The tabs of one account in one browser. Each has an engine, a socket and a state of its own; one of them leads: it
 * writes the mirror (see LocalStore.takeOver), and sends what all of them put among the pending commands.
 *
 * Leadership avoids duplicate work but is not a safeguard: for a moment two tabs may both act as leader (one was
 * frozen and has not noticed that it was replaced). Then the epoch of the store protects the mirror, and the client
 * id the messages (rule 2).
 */
export interface Tabs {
  /**
   * Competes for leadership until the returned function is called. `onLead` and `onLeadershipLost` alternate,
   * beginning with `onLead`, and are never called during the call itself. Only one candidacy at a time.
   */
  lead(callbacks: { onLead(): void; onLeadershipLost(): void }): () => void;
  /**
   * Says whether this tab waits for the leader to do something (one of its commands is pending). While it waits, it
   * asks every second whether the leader is alive, and replaces it after about four seconds of silence. A heartbeat
   * would not work: browsers slow the timers of hidden tabs down to once a minute, but not their answers.
   */
  waiting(waits: boolean): void;
  /** To all other tabs. A hint: it may get lost; what counts is in the store. */
  post(message: TabMessage): void;
  /** Returns the way to stop. */
  listen(listener: (message: TabMessage) => void): () => void;
  /** Gives the lead back, for good. */
  close(): void;
}

export type TabMessage =
  /** Rows as they are in the store now, and ids of those that are gone. */
  | { readonly type: 'commands'; readonly rows: readonly Command[]; readonly gone: readonly string[] }
  /** The server's answer to what was `sent` of a command: comes before its row goes. */
  | {
      readonly type: 'answer';
      readonly id: string;
      readonly sent: CommandArgs[CommandName];
      readonly answer: Answer;
    }
  /** The session is over: everyone stops; `wiped`: the local store is gone as well. */
  | { readonly type: 'ended'; readonly reason: 'signed_out' | 'revoked' | 'expired'; readonly wiped: boolean }
  /** Somebody looks at this conversation: the leader keeps its messages up to date on disk. */
  | { readonly type: 'interest'; readonly conversationId: string };
