import { expect, test } from 'vitest';
import { caretAfter, mergedDraft } from '../../components/conversation/composer/merge-draft.ts';

test('of two texts written at once neither is lost, and none is kept twice', () => {
  expect(mergedDraft('same', 'same')).toBe('same');
  expect(mergedDraft('hello world', 'hello')).toBe('hello world');
  expect(mergedDraft('hello', 'hello world')).toBe('hello world');
  expect(mergedDraft('', 'own')).toBe('own');
  expect(mergedDraft('theirs', '')).toBe('theirs');
  expect(mergedDraft('theirs', 'own')).toBe('theirs\nown');
});

test('the caret stays with the words around it when the text is replaced', () => {
  expect(caretAfter('own text', 'theirs\nown text', 3)).toBe(10);
  expect(caretAfter('own', 'own and more', 3)).toBe(3);
  expect(caretAfter('own', 'something else', 3)).toBe(14);
  expect(caretAfter('', 'something', 0)).toBe(9);
});
