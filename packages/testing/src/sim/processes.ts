import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Order, Word } from './child.ts';
import type { Mutation } from './mutations.ts';
import type { Failure } from './seeds.ts';

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** Runs an order in a process of its own, with a bug in its product or without. Resolves with what broke. */
export const runInProcess = async (
  order: Order,
  { mutation, onSeed }: { mutation?: Mutation; onSeed?: (failure: Failure | null) => void } = {},
): Promise<Failure[]> => {
  const child = fork(here('child.ts'), {
    execArgv: [...(mutation ? ['--import', here('mutate-hook.mjs')] : []), '--import', 'tsx'],
    env: { ...process.env, ...(mutation ? { LOCKSTEP_MUTATION: JSON.stringify(mutation) } : {}) },
  });
  const failures: Failure[] = [];
  let broken: string | null = 'a process ended early';
  child.on('message', (word: Word) => {
    if (word.type === 'seed') {
      if (word.failure) failures.push(word.failure);
      onSeed?.(word.failure);
    } else broken = word.type === 'broken' ? word.error : null;
  });
  child.send(order);
  await once(child, 'exit');
  if (broken !== null) throw new Error(broken);
  return failures;
};
