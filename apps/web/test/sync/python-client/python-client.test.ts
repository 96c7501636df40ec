import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fanOut } from '@lockstep/db';
import { type DigestRange, LockstepError, type StateDigest } from '@lockstep/protocol';
import type { Input } from '@lockstep/protocol/contract';
import { createEngine, createTransport } from '@lockstep/sync';
import { randomOf } from '@lockstep/testing/fuzz/random';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Account, PASSWORD, STRICT, signUp, startServer, type TestServer, until } from '../server.ts';
import { act, isQuiet, type Others } from './others.ts';
import { hasPython, Robot } from './robot.ts';

/** By hand: `PYTHON_CLIENT=20x1000` for 20 runs of 1,000 things each; `PYTHON_CLIENT_FROM` is the first seed. */
const [runs = 1, operations = 150] = (process.env.PYTHON_CLIENT ?? '1x150').split('x').map(Number);
const from = Number(process.env.PYTHON_CLIENT_FROM ?? 1);
/** Things done between two looks at the digest. */
const BETWEEN = 75;
/** Larger conversations are not written to every inbox. */
const THRESHOLD = 3;

let server: TestServer;
beforeAll(async () => {
  if (hasPython) server = await startServer({ FANOUT_THRESHOLD: String(THRESHOLD), ...STRICT });
});
afterAll(() => server?.close());

/** Ann with a device of our own making, and three others with whom she shares conversations of every kind. */
const begin = async (seed: number): Promise<Others> => {
  const ann = await signUp(server.url, 'Ann');
  const [ben, cid, dan] = [
    await signUp(server.url, 'Ben'),
    await signUp(server.url, 'Cid'),
    await signUp(server.url, 'Dan'),
  ];
  const make = async <N extends 'createGroup' | 'createChannel' | 'openDirect'>(
    name: N,
    input: Input<`conversations.${N}`>,
  ) => (await ben.http.mutate(`conversations.${name}`, input as never)).conversation.id;
  const userIds = [ann.me.id];
  const tea = await make('createGroup', { title: 'Tea', userIds });
  const direct = await make('openDirect', { userId: ann.me.id });
  const news = await make('createChannel', { title: 'News', visibility: 'public', userIds });
  const ids = [
    ...[tea, direct, news],
    await make('createGroup', { title: 'All', userIds: [...userIds, cid.me.id, dan.me.id] }),
  ];
  // A direct conversation comes with its first message.
  await ben.http.mutate('messages.send', {
    conversationId: direct,
    clientId: crypto.randomUUID(),
    body: 'Hello',
  });
  await runFanOut(ids);
  // So that she may rename, too. Once taken out and back in, she is a member like any.
  for (const id of [tea, news])
    await ben.http.mutate('conversations.setRole', { conversationId: id, userId: ann.me.id, role: 'admin' });
  const engine = createEngine({
    userId: ann.me.id,
    transport: createTransport({ url: server.url, headers: ann.headers }),
  });
  engine.start();
  await until(engine, 'caught up', () => engine.getState().caughtUp && engine.getState().inbox.size === 4);
  await Promise.all(ids.map((id) => engine.open(id)));
  return { ann, ben, engine, ids, random: randomOf(seed, 'others') };
};

const runFanOut = (ids: string[]) => fanOut(server.backend.core.db, ids, { threshold: THRESHOLD });

/** A machine that is busy with other tests may end the call (docs/budget.md): the same again. */
const digestOf = async (who: Account, ranges: DigestRange[]): Promise<StateDigest> => {
  for (;;) {
    try {
      return await who.http.mutate('sync.digest', { ranges });
    } catch (error) {
      if (!(error instanceof LockstepError) || error.code !== 'too_costly') throw error;
    }
  }
};

/** All come to rest; then the client in Python, our own and the server hold the same (rule 12). */
const agree = async (robot: Robot, { ann, engine, ids }: Others): Promise<void> => {
  // Each may have an answer to what another has just written, such as to a draft.
  for (let quiet = 0; quiet < 2; ) {
    await robot.settle();
    const was = isQuiet(engine);
    await until(engine, 'nothing waits', () => isQuiet(engine));
    await runFanOut(ids);
    quiet = was ? quiet + 1 : 0;
  }
  engine.suspend();
  engine.wake();
  const { overall, conversations, ranges, waits, entries } = await robot.settle();
  expect(waits).toEqual([0, 0, 0, 0]);
  const asked = ranges.map(({ digest: _, ...range }) => range);
  const truth = await digestOf(ann, asked);
  const wrong = Object.keys({ ...conversations, ...truth.conversations }).filter(
    (id) => conversations[id] !== truth.conversations[id],
  );
  const stored = await Promise.all(
    wrong.map((id) => ann.http.query('conversations.get', { conversationId: id }).catch(() => null)),
  );
  expect(wrong.map((id) => entries[id])).toEqual(stored);
  expect({ overall, ranges: ranges.map(({ digest }) => digest) }).toEqual({
    overall: truth.overall,
    ranges: truth.ranges,
  });
  await expect.poll(() => engine.digest().overall).toBe(truth.overall);
};

describe.skipIf(!hasPython)('the client in Python (docs/examples/python), where python3 is installed', () => {
  it.each(Array.from({ length: runs }, (_, i) => from + i))(
    'ends where the server and our own client do, whatever is lost, doubled and torn down: seed %i',
    async (seed) => {
      const others = await begin(seed);
      const robot = new Robot();
      const folder = mkdtempSync(join(tmpdir(), 'lockstep-python-'));
      let [done, looks] = [0, 0];
      try {
        const { email } = others.ann.me;
        const path = join(folder, 'state.json');
        await robot.begin({ url: server.url, email, password: PASSWORD, seed, path });
        while (done < operations) {
          const count = Math.min(5, operations - done);
          const goOn = async () => {
            for (let i = 0; i < count; i++) await act(others, done + i);
          };
          await Promise.all([robot.run(count), goOn()]);
          done += count;
          if (others.random.chance(0.3)) await runFanOut(others.ids);
          if (done % BETWEEN > 0 && done < operations) continue;
          await agree(robot, others);
          looks++;
        }
        const { weather } = await robot.settle();
        console.log(`python client, seed ${seed}: ${looks} digests equal`, weather);
      } finally {
        others.engine.stop();
        await robot.end();
      }
      expect(looks).toBeGreaterThan(0);
    },
    1_800_000,
  );
});
