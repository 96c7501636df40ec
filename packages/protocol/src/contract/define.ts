import type { z } from 'zod';

/** `admin`: of the workspace. What a member, an owner or an author may is decided by what is called. */
export type Access = 'anyone' | 'signed-in' | 'admin';

/**
 * What a call may cost: how much time, rows and bytes one may take, how many run at a time, and how many there may be
 * in some seconds. packages/api/src/costs.ts has the numbers.
 */
export type CostClass =
  /** Bounded by what it asks for: a page, one conversation, one change. */
  | 'light'
  /** The hot path: one message, which has bounds of its own. */
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

interface Said<I extends z.ZodType | undefined, O extends z.ZodType> {
  /** Who may call it at all. */
  access: Access;
  /** Left out where it takes none. Unknown keys are refused, so that a misspelt one is not silently ignored. */
  input?: I;
  output: O;
  /** `light` where it is left out, and `public` for anyone. */
  cost?: CostClass;
}

/** One procedure: everything that both sides and their tests are made from. */
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
  /** Calling it again with the same input, before anything else happens, changes nothing more. */
  readonly isIdempotent: boolean;
  readonly cost: CostClass;
}

const costOf = ({ access, cost }: { access: Access; cost?: CostClass }): CostClass =>
  cost ?? (access === 'anyone' ? 'public' : 'light');

/** Changes nothing. */
export const query = <O extends z.ZodType, A extends Access, I extends z.ZodType | undefined = undefined>(
  said: Said<I, O> & { access: A },
): Entry<'query', I, O, A> => ({
  kind: 'query',
  access: said.access,
  input: said.input as I,
  output: said.output,
  isIdempotent: true,
  cost: costOf(said),
});

/** Changes something, or has in its input what is to get into no address. */
export const mutation = <O extends z.ZodType, A extends Access, I extends z.ZodType | undefined = undefined>(
  said: Said<I, O> & { access: A; isIdempotent: boolean },
): Entry<'mutation', I, O, A> => ({
  kind: 'mutation',
  access: said.access,
  input: said.input as I,
  output: said.output,
  isIdempotent: said.isIdempotent,
  cost: costOf(said),
});
