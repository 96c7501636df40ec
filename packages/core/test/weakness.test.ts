import { expect, it } from 'vitest';
import { weaknessOf } from '../src/passwords/weakness.ts';

const ann = { name: 'Annabel Novak', email: 'annabel.novak@harbour.example' };

it.each([
  ['12345678', 'common'],
  ['password', 'common'],
  ['Passw0rd!', 'common'],
  ['qwertyuiop', 'common'],
  ['iloveyou1', 'common'],
  ['woaini1314', 'common'],
  ['a5201314', 'common'],
  ['88888888', 'repeats'],
  ['passwordpasswordpassword', 'repeats'],
  ['密码密码密码密码', 'repeats'],
  ['abcdefghijk', 'sequence'],
  ['annabelnovak', 'personal'],
  ['Annabel1', 'personal'],
  ['harbour.example', 'personal'],
  ['lockstep1', 'personal'],
  // Typed in full width, as an input method leaves it.
  ['ｐａｓｓｗｏｒｄ', 'common'],
  ['x'.repeat(128), 'repeats'],
])('%s is too easy to guess: %s', async (password, weakness) => {
  expect(await weaknessOf(password, ann)).toBe(weakness);
});

it.each([
  'violet harbour 12',
  'correct horse',
  'kT9#mq2!',
  'zxhq-rrnv-0p2c',
  '窗前月光疑是霜雪',
  // What is weak at its beginning only.
  `${'a'.repeat(40)} but then it says something of its own`,
])('%s will do', async (password) => {
  expect(await weaknessOf(password, ann)).toBeNull();
});
