import { describe, expect, it } from 'vitest';
import {
  hasText,
  isFullyKnown,
  isRecalled,
  type Message,
  messagesDigest,
  stateOf,
  textRevOf,
} from '../src/index.ts';

const message: Message = {
  conversationId: 'c',
  seq: 3,
  rev: 7,
  senderId: 'ann',
  clientId: 'm3',
  state: 'live',
  body: 'Hello',
  system: null,
  createdAt: 1,
  editedAt: null,
  recalledAt: null,
};
const recalled: Message = { ...message, state: 'recalled', body: null, recalledAt: 9 };
const system: Message = { ...message, state: 'system', body: null, system: { type: 'topic', topic: null } };

describe('the state of a message', () => {
  it.each([message, recalled, system])('is what it says, and without that what its fields say: %j', (one) => {
    expect(stateOf(one)).toBe(one.state);
    const { state: _, ...old } = one;
    expect(stateOf(old)).toBe(one.state);
    expect([isRecalled(one), hasText(one)]).toEqual([one.state === 'recalled', one.state === 'live']);
  });

  it('without a text it is not recalled: what it says may be for a newer version to show', () => {
    const files: Message = { ...message, body: null, content: { files: ['a.png'] } };
    expect([stateOf(files), isRecalled(files), hasText(files)]).toEqual(['live', false, false]);
    expect(stateOf({ ...files, state: undefined })).toBe('live');
  });

  it('the text last changed with rev, or before an annotation', () => {
    expect([textRevOf(message), textRevOf({ ...message, textRev: 4 })]).toEqual([7, 4]);
  });
});

describe('isFullyKnown', () => {
  it.each([message, recalled, system, { ...message, content: {}, annotations: {} }])('of %j', (one) =>
    expect(isFullyKnown(one)).toBe(true),
  );

  const unknown: Partial<Message>[] = [
    { content: { hologram: 1 } },
    { annotations: { aura: 'blue' } },
    { state: 'frozen' as 'live' },
    { state: 'system', body: null, system: { type: 'teleported' } as never },
    // No name of an object's own.
    { content: { constructor: 1 } },
  ];
  it.each(unknown)('not with %j', (change) => expect(isFullyKnown({ ...message, ...change })).toBe(false));
});

describe('the digest of content and annotations', () => {
  const digest = (change: Partial<Message>) => messagesDigest([{ ...message, ...change }]);

  it('is another with each, known or not, and the same in whatever order they are kept', () => {
    const all = [
      {},
      { content: { a: 1 } },
      { content: { a: 2 } },
      { content: { b: 1 } },
      { annotations: { a: 1 } },
      { content: { a: 1 }, annotations: { a: 1 } },
      { content: { a: { b: 1 } } },
      { content: { a: [{ b: 1 }] } },
    ];
    expect(new Set(all.map(digest)).size).toBe(all.length);
    expect(digest({ content: { a: [{ c: 1, b: 2 }], d: { f: 1, e: 2 } } })).toBe(
      digest({ content: { d: { e: 2, f: 1 }, a: [{ b: 2, c: 1 }] } }),
    );
  });

  it('leaves the digest of what has neither as it was in the version before', () => {
    const { state: _, ...old } = message;
    expect(messagesDigest([message])).toBe(messagesDigest([old]));
  });
});
