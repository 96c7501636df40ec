import { contract, type Entry } from '@lockstep/protocol/contract';
import { handlers } from './handlers/index.ts';
import { procedureOf, router } from './trpc.ts';

type AnyHandlers = Record<string, Record<string, (caller: never, input: never) => Promise<unknown>>>;

/** As they are called: `messages.send`. */
export const PROCEDURES: readonly string[] = Object.entries(contract).flatMap(([family, entries]) =>
  Object.keys(entries).map((name) => `${family}.${name}`),
);

/** The tRPC router: every entry of the contract with its handler. */
export const createRouter = ({ checkOutputs }: { checkOutputs: boolean }) => {
  const families = Object.entries(contract).map(([family, entries]) => {
    const procedures = Object.entries<Entry>(entries).map(([name, entry]) => {
      const handler = (handlers as AnyHandlers)[family]?.[name];
      if (!handler) throw new Error(`no handler of ${family}.${name}`);
      return [name, procedureOf(entry, handler, checkOutputs)] as const;
    });
    return [family, router(Object.fromEntries(procedures))] as const;
  });
  return router(Object.fromEntries(families));
};

export type AppRouter = ReturnType<typeof createRouter>;
