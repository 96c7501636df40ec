import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { isComposing } from '../../lib/keyboard.ts';

const ENTER = 13;
const IN_COMPOSITION = 229;

it.each([
  ['Enter on its own', { isComposing: false, keyCode: ENTER }, false],
  ['Enter while a word is put together', { isComposing: true, keyCode: IN_COMPOSITION }, true],
  ['the same where the key code is not told', { isComposing: true, keyCode: ENTER }, true],
  [
    'Enter after the composition has ended, as Safari tells it',
    { isComposing: false, keyCode: IN_COMPOSITION },
    true,
  ],
])('%s: composing is %s', (_, event, expected) => {
  expect(isComposing(event)).toBe(expected);
});

it('no field can forget it: every page keeps such keys to the field before anything else gets them', () => {
  const web = fileURLToPath(new URL('../../', import.meta.url));
  const files = ['components', 'app', 'lib'].flatMap((folder) =>
    readdirSync(join(web, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => join(folder, name)),
  );
  const asking = files.filter((file) => /\.isComposing\b/.test(readFileSync(join(web, file), 'utf8')));
  expect(asking).toEqual(['lib/keyboard.ts']);
  const layouts = files.filter((file) => /<body\b/.test(readFileSync(join(web, file), 'utf8')));
  expect(layouts.length).toBeGreaterThan(0);
  for (const file of layouts)
    expect(readFileSync(join(web, file), 'utf8'), file).toContain('<InputMethods />');
});
