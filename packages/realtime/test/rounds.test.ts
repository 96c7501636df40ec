import { randomUUID } from 'node:crypto';
import type { ChangesEvent, Conversation } from '@lockstep/protocol';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  ada,
  bob,
  type Device,
  event,
  makeGroup,
  message,
  ownServer,
  roundTrip,
  server,
  world,
} from './world.ts';

ownServer();

/** Every frame with changes, as it came. */
const framesOf = (socket: Device): ChangesEvent[][] => {
  const frames: ChangesEvent[][] = [];
  socket.on('changes', (events) => void frames.push(events));
  return frames;
};
const revsOf = (events: ChangesEvent[] = []) => events.map(({ messages }) => messages.map(({ rev }) => rev));

describe('changes of one round', () => {
  // No round is over before this turn is.
  beforeEach(() => void vi.spyOn(performance, 'now').mockReturnValue(performance.now()));
  afterEach(() => void vi.restoreAllMocks());

  let tea: string;
  let cake: string;
  beforeEach(async () => {
    tea = await makeGroup(world.db, [ada, bob]);
    cake = await makeGroup(world.db, [ada]);
  });
  const publish = (conversationId: string, rev: number, conversation?: Conversation) =>
    server.realtime.publisher.changes({
      conversationId,
      messages: [message(conversationId, rev)],
      ...(conversation ? { conversation } : {}),
    });
  /** Sends what is waiting: what follows in the same turn is one round. */
  const beginRound = () => server.realtime.publisher.joined(tea, []);

  it('follow one another without a gap: one event. A gap begins another', async () => {
    const device = await world.readyDevice(server, ada);
    const frames = framesOf(device);
    beginRound();
    for (const rev of [2, 3, 5, 6, 8]) publish(tea, rev);
    await expect.poll(() => frames.length).toBe(1);
    expect(revsOf(frames[0])).toEqual([[2, 3], [5, 6], [8]]);
  });

  it('those with a new title stand alone, and all keep their order, also among conversations', async () => {
    const device = await world.readyDevice(server, ada);
    const other = await world.readyDevice(server, bob);
    const [frames, others] = [framesOf(device), framesOf(other)];
    const titled = { id: tea, title: 'Tea' } as Conversation;
    beginRound();
    publish(tea, 2);
    publish(cake, 1);
    publish(tea, 3, titled);
    publish(cake, 2);
    publish(tea, 4);
    publish(tea, 5);
    await expect.poll(() => [frames.length, others.length]).toEqual([1, 1]);
    expect(revsOf(frames[0]?.filter(({ conversationId }) => conversationId === tea))).toEqual([
      [2],
      [3],
      [4, 5],
    ]);
    expect(revsOf(frames[0]?.filter(({ conversationId }) => conversationId === cake))).toEqual([[1, 2]]);
    // A member of one gets that one's, in the same order.
    expect(revsOf(others[0])).toEqual([[2], [3], [4, 5]]);
    expect(others[0]?.map(({ conversation }) => conversation)).toEqual([undefined, titled, undefined]);
  });

  it('rule 10: who leaves still gets what was published before, and nothing after', async () => {
    const [device, leaver] = [await world.readyDevice(server, ada), await world.readyDevice(server, bob)];
    const [frames, left] = [framesOf(device), framesOf(leaver)];
    beginRound();
    publish(tea, 1);
    publish(tea, 2);
    server.realtime.publisher.left(tea, [bob.userId]);
    publish(tea, 3);
    await expect.poll(() => revsOf(frames.flat())).toEqual([[1, 2], [3]]);
    await roundTrip(leaver);
    expect(revsOf(left.flat())).toEqual([[1, 2]]);
  });

  it('rule 10: who joins gets nothing that was published before', async () => {
    const joiner = await world.readyDevice(server, bob);
    const device = await world.readyDevice(server, ada);
    server.realtime.publisher.left(tea, [bob.userId]);
    await roundTrip(joiner);
    const [frames, joined] = [framesOf(device), framesOf(joiner)];
    beginRound();
    publish(tea, 1);
    publish(tea, 2);
    server.realtime.publisher.joined(tea, [bob.userId]);
    publish(tea, 3);
    await expect.poll(() => revsOf(frames.flat())).toEqual([[1, 2], [3]]);
    await roundTrip(joiner);
    expect(revsOf(joined.flat())).toEqual([[3]]);
  });
});

describe('events of one device', () => {
  // A bucket that stands still: what is allowed does not depend on how fast this machine is.
  beforeEach(() => void vi.spyOn(performance, 'now').mockReturnValue(performance.now()));
  afterEach(() => void vi.restoreAllMocks());

  it('40 at once, and the 201st refusal in a row closes it', async () => {
    const device = await world.readyDevice(server, ada);
    const codes: string[] = [];
    const send = () =>
      device.emit(
        'typing',
        { conversationId: randomUUID() },
        (answer) => void codes.push(answer.ok ? 'ok' : answer.code),
      );
    for (let n = 0; n < 41; n++) send();
    await expect.poll(() => codes.length).toBe(41);
    expect(codes.filter((code) => code === 'not_found')).toHaveLength(40);
    expect(codes.filter((code) => code === 'rate_limited')).toHaveLength(1);
    for (let n = 0; n < 199; n++) send();
    await expect.poll(() => codes.length).toBe(240);
    expect(device.connected).toBe(true);
    const closed = event(device, 'disconnect');
    send();
    expect(await closed).toBe('io server disconnect');
  });
});
