import type { z } from 'zod';

/** `admin`: of the workspace. The action decides what a member, an owner or an author may do. */
export type Access = 'anyone' | 'signed-in' | 'admin';

/**
 * The cost class of a call: its limits of time, rows and bytes, how many run at a time, and its rate limit. The
 * numbers are in packages/api/src/costs.ts.
 */
export type CostClass =
  /** Bounded by what it asks for: a page, one conversation, one change. */
  | 'light'
  /** The hot path: one message, which has its own bounds. */
  | 'send'
  | 'search'
  /** Reads all that a device holds. */
  | 'digest'
  /** Reads the whole audit log. */
  | 'verify'
  /** Before there is an account: counted by address. */
  | 'public'
  | 'signUp'
  | 'passwordCheck';

interface Definition<I extends z.ZodType | undefined, O extends z.ZodType> {
  /** Who may call it. */
  access: Access;
  /** Left out where it takes none. Unknown keys are refused, so that a misspelt one is not silently ignored. */
  input?: I;
  output: O;
  /** `light` where it is left out, and `public` for anyone. */
  cost?: CostClass;
}

/** One procedure: the source of both sides and their tests. */
export interface Entry<
  K extends 'query' | 'mutation' = 'query' | 'mutation',
  I extends z.ZodType | undefined = z.ZodType | undefined,
  O extends z.ZodType = z.ZodType,
  A extends Access = Access,
> {
  readonly kind: K;
  readonly access: A;
  readonly input: I;
  readonly output: O;
  /** Repeating it with the same input, with nothing in between, changes nothing more. */
  readonly isIdempotent: boolean;
  readonly cost: CostClass;
}

const costOf = ({ access, cost }: { access: Access; cost?: CostClass }): CostClass =>
  cost ?? (access === 'anyone' ? 'public' : 'light');

/** Changes nothing. */
export const query = <O extends z.ZodType, A extends Access, I extends z.ZodType | undefined = undefined>(
  definition: Definition<I, O> & { access: A },
): Entry<'query', I, O, A> => ({
  kind: 'query',
  access: definition.access,
  input: definition.input as I,
  output: definition.output,
  isIdempotent: true,
  cost: costOf(definition),
});

/** Changes something, or has input that must not get into a URL. */
export const mutation = <O extends z.ZodType, A extends Access, I extends z.ZodType | undefined = undefined>(
  definition: Definition<I, O> & { access: A; isIdempotent: boolean },
): Entry<'mutation', I, O, A> => ({
  kind: 'mutation',
  access: definition.access,
  input: definition.input as I,
  output: definition.output,
  isIdempotent: definition.isIdempotent,
  cost: costOf(definition),
});
