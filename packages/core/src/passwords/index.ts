import { LockstepError, type PasswordWeakness } from '@lockstep/protocol';
import type { Auth } from '../auth.ts';
import { PasswordQueue } from './queue.ts';

import { type PasswordOwner, weaknessOf } from './weakness.ts';

/** Hashes and checks passwords as better-auth does (scrypt on the thread pool), in turns. */
export class Passwords {
  readonly #queue: PasswordQueue;

  constructor(
    readonly auth: Auth,
    queue = new PasswordQueue(),
  ) {
    this.#queue = queue;
  }

  /** Why this password is too weak for this person; null if it is good enough. */
  weakness(password: string, owner: Partial<PasswordOwner>): Promise<PasswordWeakness | null> {
    return weaknessOf(password, owner);
  }

  /** Throws LockstepError `weak_password`. */
  async assertStrong(password: string, owner: Partial<PasswordOwner>): Promise<void> {
    const weakness = await weaknessOf(password, owner);
    if (weakness) throw new LockstepError('weak_password', undefined, { weakness });
  }

  /** `key` is the address of the caller, which queues separately. */
  async hash(key: string, password: string): Promise<string> {
    const { password: hasher } = await this.auth.$context;
    return this.#queue.inTurn(key, () => hasher.hash(password));
  }

  /**
   * Whether the password matches this hash. Without a hash it takes the same time and returns false, so that an
   * unknown e-mail looks like a wrong password. `onTurn` runs right before and may throw.
   */
  async verify(key: string, password: string, hash: string | null, onTurn = () => {}): Promise<boolean> {
    const { password: hasher } = await this.auth.$context;
    return this.#queue.inTurn(key, async () => {
      onTurn();
      if (hash !== null) return hasher.verify({ hash, password });
      await hasher.hash(password);
      return false;
    });
  }
}
