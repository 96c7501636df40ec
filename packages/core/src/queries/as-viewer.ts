import type { Db } from '@lockstep/db';
import type { Actor, Core } from '../context.ts';

/** Reads what is found through the membership of the viewer, or not at all: LockstepError `not_found` (rule 10). */
export type Reading<I, O> = (db: Db, viewerId: string, input: I, bytes?: number) => Promise<O>;

/** Of the texts in one page. */
export const bytesOf = ({ budget }: Core): number | undefined => budget?.limits.bytes;

/** A query that is such a reading, and decides nothing more. */
export const asViewer =
  <I, O>(read: Reading<I, O>) =>
  (actor: Actor, core: Core, input: I): Promise<O> =>
    read(core.db, actor.userId, input, bytesOf(core));
