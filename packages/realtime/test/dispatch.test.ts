import { EventEmitter } from 'node:events';
import { type Ack, LockstepError } from '@lockstep/protocol';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { dispatch, type Handlers } from '../src/dispatch.ts';
import type { DeviceSocket, RealtimeDeps } from '../src/types.ts';

/** As much of a socket as is used: what a client sends is dispatched to `onAny`. */
class FakeSocket extends EventEmitter {
  data = { actor: { userId: 'ann' }, ready: true };
  closed = 0;
  #listen: (event: string, ...args: unknown[]) => void = () => {};

  onAny(listen: (event: string, ...args: unknown[]) => void): void {
    this.#listen = listen;
  }
  disconnect(): void {
    this.closed++;
  }
  /** Sends an event; resolves with the answer. */
  ask(event: string, input?: unknown): Promise<Ack<unknown>> {
    return new Promise((resolve) => this.#listen(event, input, resolve));
  }
  /** Sends one whose answer nobody waits for. */
  tell(event: string, input?: unknown): void {
    this.#listen(event, input);
  }
}

const ID = '0192d3a0-0000-7000-8000-000000000001';
let socket: FakeSocket;
let typing: () => Promise<null>;

const start = (limits: 'on' | 'off' = 'on') => {
  const handlers = { typing: () => typing(), watch: async () => [], place: async () => null };
  dispatch(
    socket as unknown as DeviceSocket,
    handlers as unknown as Handlers,
    {
      log: pino({ level: 'silent' }),
      settings: { RATE_LIMITS: limits },
    } as unknown as RealtimeDeps,
  );
};
const ask = () => socket.ask('typing', { conversationId: ID });

beforeEach(() => {
  // What limits count by: it never goes back.
  vi.useFakeTimers({ toFake: ['performance'] });
  socket = new FakeSocket();
  typing = async () => null;
});
afterEach(() => {
  vi.useRealTimers();
});

describe('what a client sends', () => {
  it('is answered by its handler, or by why not', async () => {
    start();
    expect(await ask()).toEqual({ ok: true, data: null });
    expect(await socket.ask('typing', { conversationId: 'x' })).toEqual({ ok: false, code: 'invalid_input' });
    expect(await socket.ask('toString', {})).toEqual({ ok: false, code: 'invalid_input' });
    typing = () => Promise.reject(new LockstepError('not_found'));
    expect(await ask()).toEqual({ ok: false, code: 'not_found' });
    typing = () => Promise.reject(new Error('a defect'));
    expect(await ask()).toEqual({ ok: false, code: 'internal' });
    socket.data.ready = false;
    expect(await ask()).toEqual({ ok: false, code: 'unavailable' });
  });

  it('needs no answer', async () => {
    let called = 0;
    typing = async () => {
      called++;
      return null;
    };
    start();
    socket.tell('typing', { conversationId: ID });
    socket.tell('typing', 'rubbish');
    socket.tell('no such event');
    await ask();
    expect(called).toBe(2);
  });
});

describe('a flood', () => {
  it('gets 40 events through at once and 10 a second; the others are refused', async () => {
    start();
    for (let n = 0; n < 40; n++) expect(await ask()).toMatchObject({ ok: true });
    expect(await ask()).toEqual({ ok: false, code: 'rate_limited' });
    vi.advanceTimersByTime(99);
    expect(await ask()).toMatchObject({ ok: false });
    vi.advanceTimersByTime(1);
    expect(await ask()).toMatchObject({ ok: true });
    expect(await ask()).toMatchObject({ ok: false });
    vi.advanceTimersByTime(1_000);
    for (let n = 0; n < 10; n++) expect(await ask()).toMatchObject({ ok: true });
    expect(await ask()).toMatchObject({ ok: false });
  });

  it('is closed after more than 200 refusals in a row', async () => {
    start();
    for (let n = 0; n < 40 + 200; n++) socket.tell('typing', { conversationId: ID });
    expect(socket.closed).toBe(0);
    socket.tell('typing', { conversationId: ID });
    expect(socket.closed).toBe(1);
  });

  it('whose refusals are not in a row is not', () => {
    start();
    for (let n = 0; n < 40 + 200; n++) socket.tell('typing', { conversationId: ID });
    vi.advanceTimersByTime(100);
    for (let n = 0; n < 1 + 200; n++) socket.tell('typing', { conversationId: ID });
    expect(socket.closed).toBe(0);
    socket.tell('typing', { conversationId: ID });
    expect(socket.closed).toBe(1);
  });

  it('is let by where limits are off', async () => {
    start('off');
    for (let n = 0; n < 500; n++) socket.tell('typing', { conversationId: ID });
    expect(await ask()).toMatchObject({ ok: true });
    expect(socket.closed).toBe(0);
  });
});
