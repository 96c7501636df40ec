import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { contract } from '../src/contract/index.ts';
import { commands, isVisible, isVisibleName, withoutHidden } from '../src/index.ts';

const id = '0199b3c2-7a10-7000-8000-000000000001';

/** By name, as they cannot be seen. */
const HIDDEN: Record<string, string> = {
  'zero width space': '\u200b',
  'word joiner': '\u2060',
  'byte order mark': '\ufeff',
  'soft hyphen': '\u00ad',
  'zero width joiner': '\u200d',
  'zero width non-joiner': '\u200c',
  'left-to-right mark': '\u200e',
  'right-to-left mark': '\u200f',
  'Arabic letter mark': '\u061c',
  'combining grapheme joiner': '\u034f',
  'Mongolian vowel separator': '\u180e',
  'invisible times': '\u2062',
  'variation selector 15': '\ufe0e',
  'variation selector 16': '\ufe0f',
  'variation selector 17': '\u{e0100}',
  'tag of a': '\u{e0061}',
  'end of tags': '\u{e007f}',
  'language tag': '\u{e0001}',
  'Hangul filler': '\u3164',
  'Hangul choseong filler': '\u115f',
  'Hangul jungseong filler': '\u1160',
  'halfwidth Hangul filler': '\uffa0',
  'Khmer inherent vowel': '\u17b4',
  'blank Braille': '\u2800',
  'null notehead': '\u{1d159}',
  'beginning of a beam': '\u{1d173}',
  'interlinear annotation': '\ufff9',
  'place of an object': '\ufffc',
};
const BLANK: Record<string, string> = {
  ...HIDDEN,
  'white space': ' \t\n',
  'no-break space': '\u00a0',
  'ideographic space': '\u3000',
  'line separator': '\u2028',
  controls: '\u0001\u0085\u009f',
  'embedding of direction': '\u202a\u202c',
  'isolate of direction': '\u2066\u2069',
  'all of them': ` ${Object.values(HIDDEN).join('')}\n`,
};

/** Every input of the API that is shown to others as one line, or as several. */
const LINES: [string, (text: string) => { success: boolean; data?: unknown }, string][] = [
  ['a name', (name) => contract.me.rename.input.safeParse({ name }), 'name'],
  [
    'a name at sign-up',
    (name) => commands.signUp.safeParse({ name, email: 'a@example.org', password: 'correct horse' }),
    'name',
  ],
  [
    'a title',
    (title) => contract.conversations.rename.input.safeParse({ conversationId: id, title }),
    'title',
  ],
  ['a title of a group', (title) => commands.createGroup.safeParse({ title, userIds: [] }), 'title'],
  [
    'a title of a channel',
    (title) => commands.createChannel.safeParse({ title, visibility: 'public' }),
    'title',
  ],
  [
    'a topic',
    (topic) => contract.conversations.setTopic.input.safeParse({ conversationId: id, topic }),
    'topic',
  ],
  ['a device', (name) => commands.renameDevice.safeParse({ deviceId: id, name }), 'name'],
  ['a search that is kept', (name) => contract.searches.save.input.safeParse({ text: 'x', name }), 'name'],
  ['a reason', (reason) => contract.admin.createExport.input.safeParse({ reason }), 'reason'],
];
const BODIES: [string, (body: string) => { success: boolean; data?: unknown }][] = [
  ['a message', (body) => contract.messages.send.input.safeParse({ conversationId: id, clientId: id, body })],
  ['an edit', (body) => contract.messages.edit.input.safeParse({ conversationId: id, seq: 1, body })],
];

describe('a text that shows nothing', () => {
  test.each(Object.entries(BLANK))('%s', (_name, text) => {
    expect(isVisible(text)).toBe(false);
    expect(isVisibleName(text)).toBe(false);
    for (const [what, parse] of LINES) expect(parse(text).success, what).toBe(false);
    for (const [what, parse] of BODIES) expect(parse(text).success, what).toBe(false);
  });

  it('is one of marks alone, for a name', () => {
    expect(isVisibleName('\u0301\u0308')).toBe(false);
    expect(contract.me.rename.input.safeParse({ name: '\u0301' }).success).toBe(false);
  });
});

describe('what is hidden in a name or a title is taken out', () => {
  test.each(Object.entries(HIDDEN))('%s', (_name, sign) => {
    for (const [what, parse, field] of LINES) {
      for (const text of [`Ann${sign}`, `${sign}Ann`, `A${sign}nn`, `An${sign}${sign}n${sign}`])
        expect((parse(text).data as Record<string, string> | undefined)?.[field], what).toBe('Ann');
    }
  });
});

describe('invisible characters that a script needs are kept', () => {
  test.each([
    ['emoji of several', '👩‍💻 👨‍👩‍👧‍👦 🤷🏽‍♂️ ❤️‍🔥 🏳️‍🌈'],
    ['a form of an emoji', '❤️ ☎︎ 1️⃣ #️⃣'],
    ['flags', '🇨🇭 🏴󠁧󠁢󠁳󠁣󠁴󠁿'],
    ['Persian', 'می‌خواهم کتاب‌ها'],
    ['Hindi', 'क्‍ष क्‌ष'],
    ['Malayalam, at the end', 'അവന്‍'],
    ['Telugu, at the end', 'ఫోన్‌'],
    ['Sinhala', 'ක්‍රියා'],
    ['a form of an ideograph', '葛\u{e0100}城'],
    ['Mongolian', 'ᠬᠠᠭᠠᠨ᠎ᠠ ᠢ᠋'],
  ])('%s', (_name, text) => {
    expect(withoutHidden(text)).toBe(text);
    expect(contract.me.rename.input.parse({ name: text }).name).toBe(text);
    expect(isVisible(text)).toBe(true);
  });

  it('but not where it changes nothing', () => {
    expect(withoutHidden('علی\u200c \u200dAnn\u200d\u200c B\u200c')).toBe('علی Ann B');
    expect(withoutHidden('👍\u200d')).toBe('👍');
    expect(withoutHidden('1\ufe0f A\ufe0f')).toBe('1 A');
    expect(withoutHidden('Ann\u{e0067}\u{e007f}')).toBe('Ann');
  });
});

it('a message is kept as it was typed as long as something can be seen', () => {
  const body = '\u200bx\u00ad \u2800\u202a';
  expect(contract.messages.send.input.parse({ conversationId: id, clientId: id, body }).body).toBe(body);
});

it('removes nothing visible, and is idempotent', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const kept = withoutHidden(text);
      expect(withoutHidden(kept)).toBe(kept);
      const seen = (one: string) => [...one].filter(isVisible).join('');
      expect(seen(kept)).toBe(seen(text));
    }),
    { numRuns: 300 },
  );
});

it('is quick with a text that is hidden throughout', () => {
  const text = 'Ann\u200b'.repeat(50_000);
  expect(withoutHidden(text)).toBe('Ann'.repeat(50_000));
  expect(contract.me.rename.input.safeParse({ name: text }).success).toBe(false);
});
