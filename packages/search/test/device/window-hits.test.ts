import { type Message, parseSearch, type SearchHit } from '@lockstep/protocol';
import { sampleEntry, sampleMessage } from '@lockstep/testing/samples';
import { expect, it } from 'vitest';
import { createLocalSearch, type LocalFound } from '../../src/device/local-search.ts';
import type { DeviceState } from '../../src/device/state.ts';
import { STRIDE, windowHits } from '../../src/device/window-hits.ts';
import { emptyPlan } from '../../src/query/clauses.ts';
import { termOf } from '../../src/text/index.ts';

const COUNT = 6_000;
const messages: Message[] = Array.from({ length: COUNT }, (_, i) =>
  sampleMessage(i + 1, {
    conversationId: 'trip',
    body: `${'rope and lantern and '.repeat(10)}${i % 1_000 === 0 ? 'harbour' : ''}`,
  }),
);
const state: DeviceState = {
  me: { userId: 'me' },
  people: new Map(),
  inbox: new Map([['trip', sampleEntry({ id: 'trip', title: 'trip' })]]),
  timelines: new Map([['trip', { messages }]]),
};

it('yields to other work after a counted number of steps', () => {
  const plan = { ...emptyPlan('me', null), terms: [termOf('harbour')].filter((term) => term !== null) };
  const steps = { taken: 0 };
  const hits: SearchHit[] = [];
  let stretches = 0;
  for (const hit of windowHits(state, plan, steps))
    if (hit) hits.push(hit);
    else stretches++;
  expect(hits).toHaveLength(COUNT / 1_000);
  // Some 31 words and 100 steps for each message.
  expect(stretches).toBeGreaterThanOrEqual(Math.floor((COUNT * 130) / STRIDE) - 1);
});

it('no stretch takes more than STRIDE and one message', () => {
  const plan = { ...emptyPlan('me', null), terms: [termOf('lantern')].filter((term) => term !== null) };
  const steps = { taken: 0 };
  let most = 0;
  for (const hit of windowHits(state, plan, steps)) if (hit) most = Math.max(most, steps.taken);
  expect(most).toBeLessThan(STRIDE + 1_000);
});

it('a search over the windows gives others their turn before it answers', async () => {
  const local = createLocalSearch({ getState: () => state, startWorker: () => null, timeZone: () => 'UTC' });
  let turns = 0;
  let over = false;
  const tick = () => {
    turns++;
    if (!over) setTimeout(tick);
  };
  const found = await new Promise<LocalFound>((resolve) => {
    void local.search(parseSearch('lantern harbour').query, resolve);
    expect(turns).toBe(0);
    setTimeout(tick);
  });
  over = true;
  expect(found.hits).toHaveLength(COUNT / 1_000);
  expect(found.done).toBe(true);
  expect(turns).toBeGreaterThanOrEqual(Math.floor((COUNT * 130) / STRIDE) - 1);
});
