import {
  LIMITS,
  LockstepError,
  type Message,
  mention,
  namedIn,
  namedInEntry,
  type Person,
} from '@lockstep/protocol';
import { FAIR } from '@lockstep/testing/sim/network';
import { seeded } from '@lockstep/testing/sim/random';
import { beforeEach, expect, it } from 'vitest';
import type { Context } from '../src/context.ts';
import { createEngine } from '../src/engine.ts';
import { emptyModel, type Model } from '../src/model.ts';
import { People } from '../src/people.ts';
import type { Transport } from '../src/ports.ts';
import type { Engine } from '../src/types.ts';
import { ANN, BEN, CEM, clock, network, ownServer, server, uuid } from './server.ts';

const ID = uuid(100);
const MENTIONED = uuid(9);
const person = (id: string): Person => ({
  id,
  name: `name of ${id}`,
  image: null,
  placeholder: false,
  lastSeenAt: null,
  rev: 0,
});

ownServer();

beforeEach(() => server.create(ID, [ANN, CEM]));

/** As a server answers that does not send along who wrote. */
const silent = (real: Transport): Transport => {
  const without = async <T extends object>(answer: Promise<T>) => ({ ...(await answer), people: [] });
  return {
    ...real,
    inbox: (...args) => without(real.inbox(...args)),
    before: (...args) => without(real.before(...args)),
    changes: (...args) => without(real.changes(...args)),
  };
};

/** A device of Ann whose call for people is `people`; with everybody that it ever showed without knowing them. */
const device = async (people: (ids: string[]) => Promise<Person[]>) => {
  const unknown: string[] = [];
  const transport = { ...silent(server.way(ANN)), people };
  const engine = createEngine({ userId: ANN, clock, random: seeded(2), transport });
  engine.subscribe(() => {
    const { inbox, timelines, people } = engine.getState();
    const shown = [
      ...[...timelines.values()].flatMap(({ messages }) => messages),
      ...[...inbox.values()].flatMap(({ last }) => last ?? []),
    ];
    unknown.push(...namedIn(shown).filter((id) => !people.has(id)));
  });
  engine.start();
  await clock.advance(10_000);
  return { engine, unknown };
};

const texts = (engine: Engine) =>
  engine
    .getState()
    .timelines.get(ID)
    ?.messages.flatMap(({ body }) => body ?? []);

it('list, page, push and pull come once those they name are known, however late', async () => {
  await server.send(BEN, ID, 'first');
  const { engine, unknown } = await device(async (ids) => {
    await clock.wait(3_000);
    return ids.map(person);
  });
  void engine.open(ID);
  await clock.advance(5_000);
  expect(texts(engine)).toEqual(['first']);
  await server.send(CEM, ID, `look, ${mention(MENTIONED)}`);
  await server.send(BEN, ID, 'in order');
  await clock.advance(1_000);
  expect(texts(engine)).toEqual(['first']);
  await clock.advance(5_000);
  expect(texts(engine)).toEqual(['first', `look, ${mention(MENTIONED)}`, 'in order']);
  expect(unknown).toEqual([]);
  expect(engine.getState().people.get(MENTIONED)?.name).toBe(`name of ${MENTIONED}`);
});

it('a person who arrives with another answer before the call for people is sent is not requested', async () => {
  const asked: string[][] = [];
  const model = { ...emptyModel(ANN), connection: 'online' as const };
  const store = { model, set: (next: Model) => Object.assign(store, { model: next }) };
  const people = new People({
    ...{ store, clock, random: seeded(2), running: () => true, failed: () => {} },
    transport: {
      people: async (ids: string[]) => {
        asked.push(ids);
        return ids.map(person);
      },
    },
  } as unknown as Context);
  let here = false;
  void people.fetchMissing([BEN, CEM])?.then(() => {
    here = true;
  });
  store.set({ ...store.model, people: new Map([[BEN, person(BEN)]]) });
  await clock.advance(100);
  expect(asked).toEqual([[CEM]]);
  expect(here).toBe(true);
});

it('people included in a page, a pull or the inbox are not requested', async () => {
  await server.send(BEN, ID, 'first');
  const online = server.way(ANN);
  const reported = async <T extends { messages: Message[] }>(answer: Promise<T>) => {
    const page = await answer;
    return { ...page, people: namedIn(page.messages).map(person) };
  };
  const asked: string[][] = [];
  const engine = createEngine({
    ...{ userId: ANN, clock, random: seeded(2) },
    transport: {
      ...online,
      inbox: async (...args) => {
        const page = await online.inbox(...args);
        const named = [
          ...page.entries.flatMap(namedInEntry),
          ...page.changes.flatMap((one) => namedIn(one.messages)),
        ];
        return { ...page, people: named.map(person) };
      },
      before: (...args) => reported(online.before(...args)),
      changes: (...args) => reported(online.changes(...args)),
      people: async (ids) => {
        asked.push(ids);
        return ids.map(person);
      },
    },
  });
  engine.start();
  await clock.advance(2_000);
  void engine.open(ID);
  await clock.advance(3_000);
  network.faults = { ...FAIR, dropPush: 1 };
  await server.send(CEM, ID, `look, ${mention(MENTIONED)}`);
  await clock.advance(0);
  network.faults = FAIR;
  await server.send(BEN, ID, 'after a push that got lost');
  await clock.advance(20_000);
  expect(texts(engine)).toEqual(['first', `look, ${mention(MENTIONED)}`, 'after a push that got lost']);
  expect(engine.getState().people.get(MENTIONED)?.name).toBe(`name of ${MENTIONED}`);
  expect(asked.flat()).toEqual([]);
});

it('a call for people that fails is made again meanwhile', async () => {
  await server.send(BEN, ID, 'first');
  let calls = 0;
  const { unknown, engine } = await device(async (ids) => {
    if (++calls < 3) throw new LockstepError('unavailable');
    return ids.map(person);
  });
  void engine.open(ID);
  await clock.advance(5_000);
  expect(texts(engine)).toEqual(['first']);
  expect(calls).toBeGreaterThanOrEqual(3);
  expect(unknown).toEqual([]);
});

it('a call for people that never answers, or knows nobody, keeps no text back for long', async () => {
  await server.send(BEN, ID, 'first');
  const { engine } = await device(() => new Promise(() => {}));
  void engine.open(ID);
  await clock.advance(20_000);
  expect(texts(engine)).toEqual(['first']);

  const { engine: other } = await device(async () => []);
  void other.open(ID);
  await clock.advance(1_000);
  expect(texts(other)).toEqual(['first']);
  await server.send(BEN, ID, 'second');
  await clock.advance(200);
  expect(texts(other)).toEqual(['first', 'second']);
});

it('a text that mentions very many waits for some of them', async () => {
  const ids = Array.from(
    { length: LIMITS.mentions },
    (_, i) => `018f0000-0000-7000-8000-${String(i).padStart(12, '0')}`,
  );
  const others = Array.from({ length: 20 }, (_, k) => ids.map((id) => id.replace('7000', `7${100 + k}`)));
  for (const all of others) await server.send(BEN, ID, all.map(mention).join(' '));
  const asked: string[] = [];
  const { engine } = await device(async (wanted) => {
    asked.push(...wanted);
    return wanted.map(person);
  });
  void engine.open(ID);
  await clock.advance(1_000);
  expect(texts(engine)).toHaveLength(20);
  expect(asked.length).toBeLessThanOrEqual(LIMITS.page * 4 * 3);
});
