import { sampleMessage } from '@lockstep/testing/samples';
import { expect, it } from 'vitest';
import { SYSTEM_TYPES } from '../src/closed-lists.ts';
import { isFullyKnown, isServed, type Message, versionOf } from '../src/index.ts';
import { systemEvent } from '../src/message.ts';

it('knows the type of each system event of its contract, and no other', () => {
  const types = systemEvent.options.map((option) => option.shape.type.value);
  expect([...SYSTEM_TYPES].sort()).toEqual(types.sort());
  const of = (type: string) =>
    isFullyKnown(sampleMessage(1, { body: null, system: { type } as Message['system'] }));
  for (const type of types) expect(of(type), type).toBe(true);
  expect(of('pollClosed')).toBe(false);
  // No property of objects is a type.
  expect(of('constructor')).toBe(false);
});

it('what has neither a text nor was recalled is not known, and so never shown as recalled', () => {
  expect(isFullyKnown(sampleMessage(1, { body: 'text' }))).toBe(true);
  expect(isFullyKnown(sampleMessage(1, { body: '' }))).toBe(true);
  expect(isFullyKnown(sampleMessage(1, { body: null, recalledAt: 5 }))).toBe(true);
  expect(isFullyKnown(sampleMessage(1, { body: null }))).toBe(false);
});

it('who says no version, or none that can be read, is of the last that said none', () => {
  for (const said of [undefined, null, '', 'new', '4.5', {}, []]) expect(versionOf(said)).toBe(3);
  for (const said of [7, '7', ' 7']) expect(versionOf(said)).toBe(7);
});

it('the newer of two peers decides', () => {
  expect([2, 3, 4, 99].map((peer) => isServed(peer, { oldest: 3, current: 4 }))).toEqual([
    false,
    true,
    true,
    true,
  ]);
});
