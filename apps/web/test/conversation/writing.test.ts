import { describe, expect, it } from 'vitest';
import { enterSends, isInFence } from '../../components/conversation/composer/enter.ts';
import type { MarkedText } from '../../components/conversation/composer/mention-text.ts';
import { withNamedMentions } from '../../components/conversation/composer/name-mentions.ts';
import { linkOver } from '../../components/conversation/composer/paste.ts';
import { hasCommand, isComposing, letterOf } from '../../lib/keyboard.ts';

const plain = { shiftKey: false, altKey: false, command: false };

describe('Enter', () => {
  it.each([
    ['```js', true],
    ['```js\nconst a = 1;', true],
    ['~~~\ncode', true],
    ['text\n  ```\ncode\n', true],
    ['```js\ncode\n```', false],
    ['```js\ncode\n```\nmore', false],
    ['````\n```\n', true],
    ['```\n~~~\n', true],
    ['```code``` in a line', false],
    ['no code', false],
    ['`x`', false],
  ])('%j: inside of a block of code %s', (text, inside) => {
    expect(isInFence(text, text.length)).toBe(inside);
  });

  it('looks only at what stands before the caret', () => {
    expect(isInFence('```\ncode\n```', 8)).toBe(true);
    expect(isInFence('before\n```\ncode', 3)).toBe(false);
  });

  it.each([
    ['a keyboard', plain, { choice: 'auto', touch: false, inFence: false }, true],
    ['a touch screen', plain, { choice: 'auto', touch: true, inFence: false }, false],
    ['a touch screen, by choice', plain, { choice: 'send', touch: true, inFence: false }, true],
    ['a keyboard, by choice', plain, { choice: 'line', touch: false, inFence: false }, false],
    ['a block of code', plain, { choice: 'send', touch: false, inFence: true }, false],
    ['Ctrl in code', { ...plain, command: true }, { choice: 'line', touch: true, inFence: true }, true],
    ['Shift', { ...plain, shiftKey: true }, { choice: 'send', touch: false, inFence: false }, false],
    ['Alt', { ...plain, altKey: true }, { choice: 'send', touch: false, inFence: false }, false],
  ] as const)('%s', (_, keys, at, sends) => {
    expect(enterSends(keys, at)).toBe(sends);
  });
});

describe('keys', () => {
  it.each([
    ['b', 'KeyB', 'b'],
    ['B', 'KeyB', 'b'],
    ['и', 'KeyB', 'b'],
    ['Л', 'KeyK', 'k'],
    ['α', 'KeyA', 'a'],
    ['ש', 'KeyA', 'a'],
    // Dvorak and AZERTY: what the key writes counts, not where it stands.
    ['x', 'KeyB', 'x'],
    ['q', 'KeyA', 'q'],
    ['å', 'KeyA', null],
    ['/', 'Digit7', null],
    ['Enter', 'Enter', null],
  ])('%s on %s means %s', (key, code, letter) => {
    expect(letterOf({ key, code })).toBe(letter);
  });

  it('takes ⌘ on a Mac and Ctrl elsewhere', () => {
    const ctrl = { ctrlKey: true, metaKey: false };
    const meta = { ctrlKey: false, metaKey: true };
    expect([hasCommand(ctrl, true), hasCommand(meta, true)]).toEqual([false, true]);
    expect([hasCommand(ctrl, false), hasCommand(meta, false)]).toEqual([true, false]);
  });

  it.each([
    ['the browser says so', { keyCode: 13, isComposing: true }, true],
    ['React says so', { keyCode: 13, nativeEvent: { isComposing: true } }, true],
    ['only the key code says so, in Safari', { keyCode: 229, nativeEvent: { isComposing: false } }, true],
    ['a plain Enter', { keyCode: 13, nativeEvent: { isComposing: false } }, false],
  ])('an input method is at work: %s', (_, event, composing) => {
    expect(isComposing(event)).toBe(composing);
  });
});

/** `a|b|c` is the text abc with b selected. */
const over = (marked: string, pasted: string) => {
  const [start, end] = [marked.indexOf('|'), marked.lastIndexOf('|') - 1];
  return linkOver({ text: marked.replaceAll('|', ''), start, end }, pasted);
};

describe('an address pasted over selected words', () => {
  it.each([
    ['see |the plan| now', ' https://example.org/a?b=1 ', '[the plan](https://example.org/a?b=1)'],
    ['see| the plan |now', 'https://example.org', ' [the plan](https://example.org) '],
    ['|请看|', 'https://example.org/维基(页)', '[请看](https://example.org/维基%28页%29)'],
    ['see || now', 'https://example.org', null],
    ['see |the plan| now', 'not an address', null],
    ['see |the plan| now', 'https://example.org and more', null],
    ['see |https://example.com| now', 'https://example.org', null],
    ['see |a\nb| now', 'https://example.org', null],
    ['see |[a](b)| now', 'https://example.org', null],
    ['see `|a|`', 'https://example.org', null],
    ['```\n|a| b', 'https://example.org', null],
    ['|a|', 'javascript:alert(1)', null],
    ['|a|', 'see https://example.org', null],
    ['|a|', 'HTTPS://example.org', '[a](HTTPS://example.org)'],
    ['|see https://example.com|', 'https://example.org', '[see https://example.com](https://example.org)'],
  ])('%j with %j gives %j', (marked, pasted, link) => {
    expect(over(marked, pasted)).toBe(link);
  });
});

const person = (name: string, id = name) => ({ id, name, member: true });
const named = (text: string, ...names: string[]) =>
  withNamedMentions(
    { text, marks: [] },
    names.map((name, i) => person(name, `${name}${names.indexOf(name) === i ? '' : i}`)),
  ).marks.map(({ start, end, userId }) => [text.slice(start, end), userId]);

describe('a name that was written and not chosen', () => {
  it.each([
    ['@Ann please', ['Ann'], [['@Ann', 'Ann']]],
    ['@ann, please', ['Ann'], [['@ann', 'Ann']]],
    ['hi @Béla Kovács!', ['Béla Kovács'], [['@Béla Kovács', 'Béla Kovács']]],
    ['hi @bela kovacs', ['Béla Kovács'], [['@bela kovacs', 'Béla Kovács']]],
    [
      '@Ann Lee and @Ann',
      ['Ann', 'Ann Lee'],
      [
        ['@Ann Lee', 'Ann Lee'],
        ['@Ann', 'Ann'],
      ],
    ],
    ['@王伟你好', ['王伟'], [['@王伟', '王伟']]],
    ['@Anna please', ['Ann'], []],
    ['@Ann please', ['Ann', 'Ann'], []],
    ['@Ann please', ['Ann Lee'], []],
    ['mail ann@Ann.org', ['Ann'], []],
    ['`@Ann` and `x @Ann`', ['Ann'], []],
    ['```\n@Ann\n```', ['Ann'], []],
    ['nobody', ['Ann'], []],
  ] as const)('%j with %j', (text, names, marks) => {
    expect(named(text, ...names)).toEqual(marks);
  });

  it('leaves the ones that were chosen', () => {
    const shown: MarkedText = { text: '@Ann @Ann', marks: [{ start: 0, end: 4, userId: 'other' }] };
    expect(withNamedMentions(shown, [person('Ann')]).marks).toEqual([
      { start: 0, end: 4, userId: 'other' },
      { start: 5, end: 9, userId: 'Ann' },
    ]);
  });
});
