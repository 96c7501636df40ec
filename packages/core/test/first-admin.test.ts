import { expect, test } from 'vitest';
import { firstAdminCode, firstAdminCodeOf, isFirstAdminCode } from '../src/first-admin.ts';

const SECRET = 'only-for-tests-only-for-tests-only-for-tests';
const code = firstAdminCode(SECRET);

test('is three groups of letters and digits that do not look alike, the same for the same workspace', () => {
  expect(code).toMatch(/^[A-HJKMNP-TV-Z2-9]{4}(-[A-HJKMNP-TV-Z2-9]{4}){2}$/);
  expect(firstAdminCodeOf({ AUTH_SECRET: SECRET, DATA_DIR: '/nowhere' })).toBe(code);
  const others = Array.from({ length: 50 }, (_, n) => firstAdminCode(`${SECRET}${n}`));
  expect(new Set([...others, code]).size).toBe(51);
});

test('is known however it was typed, and nothing else is', () => {
  const plain = code.replaceAll('-', '');
  for (const typed of [code, plain, code.toLowerCase(), ` ${plain.match(/../g)?.join(' ')}\n`])
    expect(isFirstAdminCode(SECRET, typed), typed).toBe(true);
  for (const typed of [undefined, '', plain.slice(1), `${plain}A`, firstAdminCode(`${SECRET}x`)])
    expect(isFirstAdminCode(SECRET, typed), typed).toBe(false);
});
