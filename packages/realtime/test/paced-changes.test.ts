import { randomUUID } from 'node:crypto';
import { Server } from 'socket.io';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { PacedChanges } from '../src/paced-changes.ts';
import { message } from './world.ts';

const id = randomUUID();
let time = 1_000;
/** How long the writing of a round takes, in ms. */
let cost = 0;
/** When each round was, in ms since the beginning, and how many messages it had. */
let rounds: [at: number, messages: number][] = [];
let changes: PacedChanges;
let rev = 0;

beforeEach(() => {
  vi.useFakeTimers();
  [time, cost, rounds, rev] = [1_000, 0, [], 0];
  const io = new Server();
  // The adapter is what writes to the sockets of a room.
  io.of('/').adapter.broadcast = (packet) => {
    rounds.push([time - 1_000, packet.data[1][0].messages.length]);
    time += cost;
  };
  changes = new PacedChanges(io, undefined, () => time);
});
afterEach(() => void vi.useRealTimers());

const add = (count = 1) => {
  for (let n = 0; n < count; n++) changes.add({ conversationId: id, messages: [message(id, ++rev)] });
};
/** Lets so many ms pass, in steps of one. */
const pass = (ms: number) => {
  vi.advanceTimersByTime(0);
  for (let n = 0; n < ms; n++) {
    time++;
    vi.advanceTimersByTime(1);
  }
};

it('with little to do, changes go out in the turn in which they came, together', () => {
  add(3);
  expect(rounds).toEqual([]);
  pass(2);
  add();
  pass(1);
  add();
  pass(1);
  expect(rounds).toEqual([
    [0, 3],
    [2, 1],
    [3, 1],
  ]);
});

it('changes gather for three times as long as writing the round before took', () => {
  cost = 2;
  add();
  pass(1);
  for (let n = 0; n < 5; n++) {
    add();
    pass(1);
  }
  expect(rounds).toEqual([
    [0, 1],
    [8, 5],
  ]);
});

it('a costly round is not waited for longer than 25 ms', () => {
  cost = 10;
  add();
  pass(1);
  add();
  pass(30);
  expect(rounds.map(([at]) => at)).toEqual([0, 25]);
});

it('a round that took longer is followed by the next at once', () => {
  cost = 40;
  add();
  pass(1);
  add();
  pass(0);
  expect(rounds.map(([at]) => at)).toEqual([0, 41]);
});
