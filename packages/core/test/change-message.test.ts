import { editing, recalling } from '@lockstep/core';
import type { Conversation, Message, Role } from '@lockstep/protocol';
import { describe, expect, test } from 'vitest';

const message: Message = {
  conversationId: 'c',
  seq: 2,
  rev: 2,
  senderId: 'me',
  clientId: 'x',
  body: 'one',
  system: null,
  createdAt: 1,
  editedAt: null,
  recalledAt: null,
};
const recalled = { ...message, body: null, recalledAt: 9 };
const event = { ...message, body: null, system: { type: 'renamed' as const, title: 'New' } };
const group = { kind: 'group', visibility: 'private' } as Conversation;
const direct = { kind: 'direct', visibility: 'private' } as Conversation;

/** What is decided, or the code of the error. */
const said = (decide: () => unknown): unknown => {
  try {
    return decide();
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('an edit', () => {
  const edit = (actorId: string, one: Message, body = 'two', base?: number | null) =>
    said(() => editing(actorId, body, base)(one, 'owner', group));

  test('of the author, and of nobody else, whatever the role', () => {
    expect(edit('me', message)).toEqual({ edit: 'two' });
    expect(edit('other', message)).toBe('forbidden');
  });

  test('the same text again changes nothing, also based on an older text; another text is then a conflict', () => {
    expect(edit('me', message, 'one')).toBeNull();
    expect(edit('me', { ...message, editedAt: 5 }, 'one', null)).toBeNull();
    expect(edit('me', { ...message, editedAt: 5 }, 'two', null)).toBe('conflict');
    expect(edit('me', { ...message, editedAt: 5 }, 'two', 5)).toEqual({ edit: 'two' });
  });

  test('there must be a text', () => {
    expect(edit('me', recalled)).toBe('conflict');
    expect(edit('me', event)).toBe('conflict');
  });
});

describe('a recall', () => {
  const recall = (actorId: string, one: Message, role: Role = 'member', where = group) =>
    said(() => recalling(actorId)(one, role, where));

  test('of the author, and of who keeps order', () => {
    expect(recall('me', message)).toBe('recall');
    expect(recall('other', message)).toBe('forbidden');
    expect(recall('other', message, 'admin')).toBe('recall');
    expect(recall('other', message, 'owner', direct)).toBe('forbidden');
  });

  test('recalling again changes nothing, for those who may recall', () => {
    expect(recall('me', recalled)).toBeNull();
    expect(recall('other', recalled)).toBe('forbidden');
  });

  test('a system message cannot be recalled, not even by its author', () => {
    expect(recall('me', event)).toBe('forbidden');
    expect(recall('me', event, 'owner')).toBe('conflict');
  });
});
