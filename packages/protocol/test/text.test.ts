import { describe, expect, it } from 'vitest';
import { contract } from '../src/contract/index.ts';
import { characters, charactersLeft, codePoints, LIMITS } from '../src/index.ts';

const conversationId = '0199b3c2-7a10-7000-8000-000000000001';
const clientId = '0199b3c2-7a10-7000-8000-000000000002';
const send = (body: unknown) => contract.messages.send.input.safeParse({ conversationId, clientId, body });

describe('message text', () => {
  it('counts what people count', () => {
    expect(codePoints('你好👩‍💻')).toBe(5);
    expect(characters('你好👩‍💻')).toBe(3);
    expect(characters('e\u0301 🇨🇭 👨‍👩‍👧‍👦')).toBe(5);
    expect(characters(`hi <@${clientId}>!`)).toBe(5);
    const family = '👨‍👩‍👧‍👦';
    expect(send('a'.repeat(LIMITS.messageText - 1) + family).success).toBe(true);
    expect(send('a'.repeat(LIMITS.messageText) + family).success).toBe(false);
    expect(charactersLeft('a'.repeat(LIMITS.messageText - 1) + family)).toBe(0);
    expect(charactersLeft('a'.repeat(LIMITS.messageText) + family)).toBe(-1);
    expect(charactersLeft('')).toBe(LIMITS.messageText);
    expect(send('👋'.repeat(LIMITS.messageText)).success).toBe(true);
    expect(send('👋'.repeat(LIMITS.messageText + 1)).success).toBe(false);
  });

  it('is bounded by what is stored, too', () => {
    const letter = `a${'\u0301'.repeat(99)}`;
    const most = LIMITS.messageCodePoints / 100;
    expect(send(letter.repeat(most)).success).toBe(true);
    expect(send(letter.repeat(most + 1)).success).toBe(false);
    expect(charactersLeft(letter.repeat(most + 1))).toBe(-100);
  });

  it.each([
    ['nothing', ''],
    ['only white space', ' \n\t '],
    ['NUL', 'a\u0000b'],
    ['half of a surrogate pair', 'a\ud83d'],
    ['not text', 42],
    ['null', null],
  ])('refuses %s', (_name, body) => {
    expect(send(body).success).toBe(false);
  });

  it('keeps leading space (code), drops trailing space, unifies line ends', () => {
    expect(send('  indented\r\nnext\r \n').data?.body).toBe('  indented\nnext');
  });

  it('refuses keys it does not know', () => {
    expect(
      contract.messages.send.input.safeParse({ conversationId, clientId, body: 'hi', sender: 'me' }).success,
    ).toBe(false);
  });
});

describe('one-line names', () => {
  it.each(['', '   ', 'a\u0000', 'x'.repeat(LIMITS.personName + 1), 'ann\u202enna', 'a\u0007b'])(
    'refuses %j',
    (name) => {
      expect(contract.me.rename.input.safeParse({ name }).success).toBe(false);
    },
  );

  it('folds white space', () => {
    expect(contract.me.rename.input.parse({ name: '  Ann \n Lee ' }).name).toBe('Ann Lee');
  });
});

describe('ids', () => {
  it('are UUIDs in lower case', () => {
    expect(
      contract.conversations.get.input.parse({ conversationId: conversationId.toUpperCase() }).conversationId,
    ).toBe(conversationId);
    expect(contract.conversations.get.input.safeParse({ conversationId: "1' or 1=1" }).success).toBe(false);
  });

  it('bound every page', () => {
    expect(contract.sync.inbox.input.parse({ afterPos: 0 }).limit).toBeLessThanOrEqual(LIMITS.inboxPage);
    expect(contract.sync.inbox.input.safeParse({ afterPos: 0, limit: LIMITS.inboxPage + 1 }).success).toBe(
      false,
    );
    expect(contract.sync.inbox.input.safeParse({ afterPos: -1 }).success).toBe(false);
  });
});
