import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { fanOut, inboxAfter, laggingConversations } from '@lockstep/db';
import { expect, it } from 'vitest';
import { db, makeGroup, ownWorld, upTo, uuid, world } from './world.ts';

const WORKER = fileURLToPath(new URL('./fixtures/fanout-worker.ts', import.meta.url));

ownWorld();

/** Resolves when the worker stands at `step` and has been killed there with SIGKILL. */
const killWorkerAt = async (step: string, ids: string[]): Promise<void> => {
  const worker = fork(WORKER, [world.url, step, ids.join(',')], { execArgv: ['--import', 'tsx'] });
  const exit = once(worker, 'exit');
  const [reached] = await Promise.race([
    once(worker, 'message'),
    exit.then(() => {
      throw new Error(`the worker ended before "${step}"`);
    }),
  ]);
  expect(reached).toBe(step);
  worker.kill('SIGKILL');
  expect((await exit)[1]).toBe('SIGKILL');
};

it.each(['begun', 'locked', 'written', 'committed'])(
  'rules 3 and 4: a worker killed with SIGKILL when %s loses nothing and writes nothing twice',
  async (step) => {
    const people = upTo(5).map(uuid);
    const ids = await Promise.all(upTo(3).map(() => makeGroup(db, people)));
    await fanOut(db, ids, { threshold: 500 });
    await Promise.all(
      ids.map((conversationId) =>
        db.appender.append({
          conversationId,
          senderId: people[0] as string,
          clientId: uuid(),
          body: 'hello',
        }),
      ),
    );
    const before = await inboxAfter(db, people[1] as string, 0, 100);

    await killWorkerAt(step, ids);

    const survived = step === 'committed';
    expect((await laggingConversations(db, 'fanout', 100)).sort()).toEqual(survived ? [] : [...ids].sort());
    // A transaction whose process is gone has let go of its locks, or this would never return.
    const next = await fanOut(db, ids, { threshold: 500 });
    expect(next).toEqual(survived ? { conversations: 0, entries: 0 } : { conversations: 3, entries: 15 });
    for (const person of people) {
      const { entries, to } = await inboxAfter(db, person, before.to, 100);
      expect(entries.map((entry) => entry.pos)).toEqual([4, 5, 6]);
      expect(entries.map((entry) => entry.conversation.id).sort()).toEqual([...ids].sort());
      expect(entries.map((entry) => entry.unread)).toEqual(person === people[0] ? [0, 0, 0] : [1, 1, 1]);
      expect(to).toBe(6);
    }
  },
);
