import { type Failure, runSeeds, type SeedsOptions } from './seeds.ts';
import { createSimWorld } from './world.ts';

/** One of the processes of main.ts: runs its part of the seeds on a database of its own. */
export interface Order extends Omit<SeedsOptions, 'onSeed' | 'trace'> {
  databaseUrl: string;
}

export type Word =
  | { type: 'seed'; failure: Failure | null }
  | { type: 'done' }
  | { type: 'broken'; error: string };

const post = (word: Word) => process.send?.(word);

process.once('message', async ({ databaseUrl, ...order }: Order) => {
  const world = createSimWorld(databaseUrl);
  try {
    await runSeeds(world, { ...order, onSeed: (_seed, failure) => post({ type: 'seed', failure }) });
    post({ type: 'done' });
  } catch (error) {
    post({ type: 'broken', error: (error as Error).stack ?? String(error) });
    process.exitCode = 1;
  } finally {
    await world.close();
    process.disconnect();
  }
});
