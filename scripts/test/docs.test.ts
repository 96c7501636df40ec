import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

const pages = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '*.md'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => path !== '' && existsSync(join(root, path)))
  // The texts of the demo are messages.
  .filter((path) => !path.startsWith('scripts/demo/'));

const textOf = (path: string) => readFileSync(join(root, path), 'utf8');
const withoutBlocks = (text: string) => text.replace(/^```[\s\S]*?^```/gm, '');

/** The anchors that GitHub gives to the headings of a page. */
const anchorsOf = (text: string) =>
  [...withoutBlocks(text).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(/\s/g, '-'),
  );

/** The links of a page that lead nowhere. */
const brokenLinks = (page: string, text: string): string[] =>
  [...withoutBlocks(text).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => {
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page : relative(root, join(root, dirname(page), decodeURI(path)));
      if (!existsSync(join(root, file))) return true;
      return anchor !== undefined && file.endsWith('.md') && !anchorsOf(textOf(file)).includes(anchor);
    });

/** Paths of the project that a page names in backticks and that are not there. */
const missingPaths = (text: string): string[] =>
  [...withoutBlocks(text).matchAll(/`((?:packages|apps|scripts|docs|e2e|bench|prisma)\/[\w./()[\]-]+)`/g)]
    .map(([, path = '']) => path)
    .filter((path) => !existsSync(join(root, path)));

it('every link between pages of the documentation leads to a page and a heading that exist', () => {
  expect(
    brokenLinks('docs/sync.md', '[a](nowhere.md) [b](#no-such-heading) [c](../README.md) [d](https://a.b)'),
  ).toEqual(['nowhere.md', '#no-such-heading']);
  expect(pages.length).toBeGreaterThan(15);
  for (const page of pages)
    expect({ page, broken: brokenLinks(page, textOf(page)) }).toEqual({ page, broken: [] });
});

it('every file that the documentation names exists', () => {
  expect(missingPaths('`packages/db` and `packages/db/none.ts`')).toEqual(['packages/db/none.ts']);
  for (const page of pages)
    expect({ page, missing: missingPaths(textOf(page)) }).toEqual({ page, missing: [] });
});

it('the list of decisions has each of them, with its title, status and date', () => {
  const list = textOf('docs/adr/README.md');
  const decisions = pages.filter((path) => /^docs\/adr\/\d/.test(path));
  expect(decisions.length).toBeGreaterThan(10);
  for (const path of decisions) {
    const [, number, title] = /^# (\d{4}) · (.+)$/m.exec(textOf(path)) ?? [];
    const [, status] = /^\*(.+, \d{4}-\d\d-\d\d)\.\*$/m.exec(textOf(path)) ?? [];
    expect(list).toContain(`| [${number}](${path.slice('docs/adr/'.length)}) | ${title} | ${status} |`);
  }
});
