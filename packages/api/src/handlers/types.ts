import type { Actor, Core, Device } from '@lockstep/core';
import type { Access, Contract, Entry, Family, ParsedOf } from '@lockstep/protocol/contract';
import type { z } from 'zod';
import type { ApiContext } from '../context.ts';

/** The caller, and parts of the request that are read only when needed. */
export interface SignedIn {
  actor: Actor;
  core: Core;
  request: ApiContext;
}

export type Caller<A extends Access> = A extends 'anyone' ? ApiContext : SignedIn;

export type Handler<E extends Entry> = (
  caller: Caller<E['access']>,
  input: ParsedOf<E>,
) => Promise<z.input<E['output']>>;

/** One handler for each entry of the contract; the compiler rejects missing and unknown ones. */
export type Handlers = {
  [F in Family]: { [P in keyof Contract[F]]: Contract[F][P] extends Entry ? Handler<Contract[F][P]> : never };
};

/** The usual handler: calls an action or query of core. */
export const act =
  <I, O>(work: (actor: Actor, core: Core, input: I) => Promise<O>) =>
  ({ actor, core }: SignedIn, input: I): Promise<O> =>
    work(actor, core, input);

/** The same for an action that also records the device. */
export const actFrom =
  <I, O>(work: (actor: Actor, core: Core, from: Device, input: I) => Promise<O>) =>
  ({ actor, core, request }: SignedIn, input: I): Promise<O> =>
    work(actor, core, request.device, input);
