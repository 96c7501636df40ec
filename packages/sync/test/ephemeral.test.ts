import { MachineClock, VirtualClock } from '@lockstep/testing/sim/clock';
import { expect, it } from 'vitest';
import type { Context } from '../src/context.ts';
import { Ephemeral } from '../src/ephemeral.ts';
import type { PushSocket } from '../src/ports.ts';

const start = () => {
  const real = new VirtualClock();
  const clock = new MachineClock(real);
  const told: string[] = [];
  let model = { me: { userId: 'me' }, inbox: new Map([['tea', {}]]), typing: new Map<string, unknown[]>() };
  const store = {
    get model() {
      return model;
    },
    set: (next: typeof model) => {
      model = next;
    },
  };
  const ephemeral = new Ephemeral({ clock, store } as unknown as Context);
  ephemeral.use({ typing: (id: string) => void told.push(id) } as unknown as PushSocket);
  return { real, clock, told, ephemeral, typing: () => store.model.typing.get('tea') ?? [] };
};

it.each([
  ['back', -600_000],
  ['forward', 600_000],
])('a clock that is put %s by ten minutes: typing is told, shown and over in time', async (_, ms) => {
  const { real, clock, told, ephemeral, typing } = start();
  ephemeral.tell('tea');
  ephemeral.onTyping({ conversationId: 'tea', userId: 'ann' });
  clock.skew(ms);
  ephemeral.tell('tea');
  expect(told).toHaveLength(1);
  expect(typing()).toHaveLength(1);
  await real.advance(10_000);
  ephemeral.tell('tea');
  expect(told).toHaveLength(2);
  expect(typing()).toEqual([]);
});

it('typing is told at the first key, every 3 s while it goes on, and at the first key after a message', async () => {
  const { real, told, ephemeral } = start();
  for (let key = 0; key < 70; key++) {
    ephemeral.tell('tea');
    await real.advance(100);
  }
  expect(told).toHaveLength(3);
  ephemeral.sent('tea');
  ephemeral.tell('tea');
  ephemeral.tell('tea');
  expect(told).toHaveLength(4);
  ephemeral.tell('coffee');
  expect(told).toEqual(['tea', 'tea', 'tea', 'tea', 'coffee']);
});
