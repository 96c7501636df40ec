import { expect, test } from 'vitest';
import { caretAfter } from '../../components/conversation/composer/merge-draft.ts';

test('the caret stays with the words around it when the text is replaced', () => {
  expect(caretAfter('own text', 'theirs\nown text', 3)).toBe(10);
  expect(caretAfter('own', 'own and more', 3)).toBe(3);
  expect(caretAfter('own', 'something else', 3)).toBe(14);
  expect(caretAfter('', 'something', 0)).toBe(9);
});
