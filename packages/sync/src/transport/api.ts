import type { Contract, Entry, Family, InputOf, Name, OutputOf } from '@lockstep/protocol/contract';
import { callOverHttp, type HttpOptions } from './http.ts';
import type { CallOptions } from './port.ts';

type Procedure<E extends Entry> = (
  ...given: undefined extends InputOf<E>
    ? [input?: undefined, options?: CallOptions]
    : [input: InputOf<E>, options?: CallOptions]
) => Promise<OutputOf<E>>;

/** The contract as one writes it in an interface: `api.messages.versions.query({ … })`. */
export type Api = {
  [F in Family]: {
    [P in keyof Contract[F]]: Contract[F][P] extends infer E extends Entry
      ? E['kind'] extends 'query'
        ? { query: Procedure<E> }
        : { mutate: Procedure<E> }
      : never;
  };
};

/** The names are checked by the types only, so that devices load no schema. */
export const createApi = (options: HttpOptions): Api => {
  const call = callOverHttp(options);
  const procedure = (name: Name) => ({
    query: (input: unknown, more?: CallOptions) => call('query', name, input, more),
    mutate: (input: unknown, more?: CallOptions) => call('mutation', name, input, more),
  });
  const family = (prefix: string) => byName((name) => procedure(`${prefix}.${name}` as Name));
  return byName(family) as Api;
};

/** An object that creates each property on first use. */
const byName = (make: (name: string) => unknown): object =>
  new Proxy({} as Record<string, unknown>, {
    get: (made, name) => {
      if (typeof name !== 'string') return undefined;
      made[name] ??= make(name);
      return made[name];
    },
  });
