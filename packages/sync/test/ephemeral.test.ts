import { MachineClock, VirtualClock } from '@lockstep/testing/sim/clock';
import { expect, it } from 'vitest';
import type { Context } from '../src/context.ts';
import { Ephemeral } from '../src/ephemeral.ts';
import type { PushSocket } from '../src/ports.ts';

const start = () => {
  const real = new VirtualClock();
  const clock = new MachineClock(real);
  const reported: string[] = [];
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
  ephemeral.use({ typing: (id: string) => void reported.push(id) } as unknown as PushSocket);
  return { real, clock, reported, ephemeral, typing: () => store.model.typing.get('tea') ?? [] };
};

it.each([
  ['back', -600_000],
  ['forward', 600_000],
])('a clock that is put %s by ten minutes: typing is told, shown and over in time', async (_, ms) => {
  const { real, clock, reported, ephemeral, typing } = start();
  ephemeral.sendTyping('tea');
  ephemeral.onTyping({ conversationId: 'tea', userId: 'ann' });
  clock.skew(ms);
  ephemeral.sendTyping('tea');
  expect(reported).toHaveLength(1);
  expect(typing()).toHaveLength(1);
  await real.advance(10_000);
  ephemeral.sendTyping('tea');
  expect(reported).toHaveLength(2);
  expect(typing()).toEqual([]);
});

it('typing is told at the first key, every 3 s while it goes on, and at the first key after a message', async () => {
  const { real, reported, ephemeral } = start();
  for (let key = 0; key < 70; key++) {
    ephemeral.sendTyping('tea');
    await real.advance(100);
  }
  expect(reported).toHaveLength(3);
  ephemeral.sent('tea');
  ephemeral.sendTyping('tea');
  ephemeral.sendTyping('tea');
  expect(reported).toHaveLength(4);
  ephemeral.sendTyping('coffee');
  expect(reported).toEqual(['tea', 'tea', 'tea', 'tea', 'coffee']);
});
