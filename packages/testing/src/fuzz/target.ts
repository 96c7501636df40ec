import type { Random } from './random.ts';

/**
 * One thing that is fed with random input: a file of this folder, listed in targets.ts. `generate` depends on `random`
 * alone, so that a seed and the number of a run name an input. An input is plain JSON, so that it can be kept in a file;
 * bytes are written in base64.
 */
export interface FuzzTarget<Input = unknown> {
  name: string;
  /** Before the first run, such as starting a server. */
  setup?(): Promise<void>;
  generate(random: Random): Input;
  /** Throws where the input is handled wrongly. `fail` says which promise was broken. */
  run(input: Input): void | Promise<void>;
  /** Smaller inputs to try, best first. Without it strings, lists and fields are cut in the ways of shrink.ts. */
  shrink?(input: Input): Iterable<Input>;
  teardown?(): Promise<void>;
}

/** A promise that was broken. Two failures with the same `check` are one, also while an input is made smaller. */
export class FuzzFailure extends Error {
  override readonly name = 'FuzzFailure';
  constructor(
    readonly check: string,
    details: string,
  ) {
    super(`${check}: ${details}`);
  }
}

export const fail = (check: string, details: string): never => {
  throw new FuzzFailure(check, details);
};

/** What distinguishes two failures: the check, or for any other error its kind and words without what varies. */
export const checkOf = (error: unknown): string => {
  if (error instanceof FuzzFailure) return error.check;
  if (!(error instanceof Error)) return 'something else than an error was thrown';
  const words = error.message.replace(/\d+|'[^']*'|"[^"]*"/g, '…').split('\n')[0] ?? '';
  return `${error.name} ${words.slice(0, 60)}`;
};
