import type { z } from 'zod';
import { admin } from './admin.ts';
import { auth } from './auth.ts';
import { conversations } from './conversations.ts';
import type { Entry } from './define.ts';
import { devices } from './devices.ts';
import { messages } from './messages.ts';
import { me, people } from './people.ts';
import { search, searches } from './search.ts';
import { sync } from './sync.ts';
import { invitations, workspace } from './workspace.ts';

export type { Access, CostClass, Entry } from './define.ts';
export * from './events.ts';

/** Every procedure of the API, by family: server, clients and their tests are made from it (docs/contract.md). */
export const contract = {
  admin,
  auth,
  conversations,
  devices,
  invitations,
  me,
  messages,
  people,
  search,
  searches,
  sync,
  workspace,
};

export type Contract = typeof contract;
export type Family = keyof Contract;

/** As it is called: `messages.send`. */
export type Name = { [F in Family]: `${F}.${keyof Contract[F] & string}` }[Family];

export type EntryOf<N extends Name> = N extends `${infer F extends Family}.${infer P}`
  ? P extends keyof Contract[F]
    ? Contract[F][P]
    : never
  : never;

type NamesOf<K extends Entry['kind']> = { [N in Name]: EntryOf<N> extends { kind: K } ? N : never }[Name];
export type QueryName = NamesOf<'query'>;
export type MutationName = NamesOf<'mutation'>;

export type InputOf<E> = E extends { input: infer I extends z.ZodType } ? z.input<I> : undefined;
export type OutputOf<E> = E extends { output: infer O extends z.ZodType } ? z.output<O> : never;
export type ParsedOf<E> = E extends { input: infer I extends z.ZodType } ? z.output<I> : undefined;
/** The input of a caller, the parsed input, and the output. */
export type Input<N extends Name> = InputOf<EntryOf<N>>;
export type Parsed<N extends Name> = ParsedOf<EntryOf<N>>;
export type Output<N extends Name> = OutputOf<EntryOf<N>>;

/** All entries by name, for iterating. */
export const procedures: ReadonlyMap<Name, Entry> = new Map(
  Object.entries(contract).flatMap(([family, entries]) =>
    Object.entries(entries).map(([name, entry]): [Name, Entry] => [`${family}.${name}` as Name, entry]),
  ),
);
