import { expect, it } from 'vitest';
import { commands, isLocalEmail } from '../src/index.ts';

it.each([
  [' Ann@Example.ORG ', 'ann@example.org'],
  ["o'brien+lists@mail.example.org", "o'brien+lists@mail.example.org"],
  ['ann@intranet', 'ann@intranet'],
  ['ann@Müller.example', 'ann@xn--mller-kva.example'],
  ['ann@xn--mller-kva.example', 'ann@xn--mller-kva.example'],
  ['张伟@例子.中国', '张伟@xn--fsqu00a.xn--fiqs8s'],
  ['ann@ｅｘａｍｐｌｅ.org', 'ann@example.org'],
])('%j is the account of %j', (typed, kept) => {
  expect(commands.email.parse(typed)).toBe(kept);
});

it.each([
  ...['ann', '@example.org', 'ann@', 'ann@@example.org', 'a b@example.org', 'ann@exa mple.org'],
  ...['ann@127.0.0.1', 'ann@1', 'ann@0x7f', 'ann@[::1]', 'ann@example.org:80', 'ann@example.org/x'],
  ...['ann@-example.org', 'ann@.org', 'ann@example..org', '.ann@example.org', 'an..n@example.org'],
  ...['ann@example.org.', `${'a'.repeat(65)}@example.org`, `ann@${'a.'.repeat(130)}org`, 'ann@%65xample.org'],
])('%j is none', (typed) => {
  expect(commands.email.safeParse(typed).success).toBe(false);
});

it('recognises the names of a local network', () => {
  expect(['ann@intranet', 'ann@example.org'].map(isLocalEmail)).toEqual([true, false]);
});
