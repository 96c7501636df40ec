import { type ConsumerName, changeMessage } from '@lockstep/db';
import type { AnnotationsChange } from '@lockstep/protocol';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readChanges } from '../src/changes.ts';
import { readLag } from '../src/health.ts';
import { postgresIndex } from '../src/index.ts';
import { makeSearchWorld } from './world.ts';

type World = Awaited<ReturnType<typeof makeSearchWorld>>;
type Person = Awaited<ReturnType<World['person']>>;

let world: World;
let ann: Person;
let conversationId: string;

beforeAll(async () => {
  world = await makeSearchWorld(postgresIndex);
  ann = await world.person('Ann');
  conversationId = await world.group(ann, 'Zoo');
});
afterAll(() => world.close());

const annotate = async (seq: number, annotations: AnnotationsChange = { pin: true }) =>
  (await changeMessage(world.db, { conversationId, seq, actorId: ann.id }, () => ({ annotate: annotations })))
    .message;

/** The row of the index and when it was written. */
const indexed = async (seq: number) =>
  (
    await world.db.pool.query(
      'select rev, xmin::text from search_message where conversation_id = $1 and seq = $2',
      [conversationId, seq],
    )
  ).rows[0];

it('an annotation is not indexed: the row of before stands, and is found and verified', async () => {
  const { seq, rev } = await world.send(ann, conversationId, 'wombat');
  await world.settle();
  const before = await indexed(seq);
  expect(before).toMatchObject({ rev });
  const annotated = await annotate(seq);
  expect(annotated).toMatchObject({ textRev: rev });
  for (const state of ['behind', 'in step']) {
    const { hits, facets } = await world.ask(ann, 'wombat', { facets: true });
    expect(
      hits.map(({ message }) => message),
      state,
    ).toEqual([annotated]);
    expect(facets?.total.count, state).toBe(1);
    await world.settle();
  }
  expect(await indexed(seq)).toEqual(before);
  expect(await world.index.verify({})).toMatchObject({ differences: 0 });
});

it('a text that was annotated before the index had it is indexed all the same', async () => {
  const { seq, rev } = await world.send(ann, conversationId, 'quoll');
  const waiting = { id: conversationId, rev: rev - 1, head: rev };
  await annotate(seq);
  // Its own `rev` is past what this batch goes to, and the next one begins behind its text.
  expect(await readChanges(world.db.pool, [waiting])).toMatchObject([{ seq, body: 'quoll' }]);
  expect(await readChanges(world.db.pool, [{ ...waiting, rev, head: rev + 1 }])).toEqual([]);
  await world.settle();
  expect(await world.texts(ann, 'quoll')).toEqual(['quoll']);
  expect(await world.index.verify({})).toMatchObject({ differences: 0 });
});

it('an index that is behind by annotations alone waits for no text, however old that is', async () => {
  const { seq } = await world.send(ann, conversationId, 'echidna');
  await world.settle();
  await world.db.pool.query(
    `update message set created_at = now() - interval '30 days' where conversation_id = $1 and seq = $2`,
    [conversationId, seq],
  );
  await annotate(seq, { pin: false });
  const lag = await readLag(world.db, world.index.consumer as ConsumerName);
  expect(lag).toMatchObject({ changes: 1, waitingMs: 0 });
});
