/** Writes the lists of settings in README.md and .env.example from the schema. Run: node --import tsx scripts/settings-docs.ts */
import { readFileSync, writeFileSync } from 'node:fs';
import { loadSettings, SETTINGS } from '@lockstep/core/settings';

const defaults: Record<string, unknown> = loadSettings({});
const own = new Set(['PUBLIC_URL', 'PUSH', 'SEARCH', 'MEILI_URL']);

const settings = Object.entries(SETTINGS)
  .filter(([name]) => name !== 'NODE_ENV')
  .map(([name, schema]) => {
    const value = own.has(name) ? null : defaults[name];
    const isPlain = typeof value === 'number' || (typeof value === 'string' && value !== '');
    return { name, meaning: schema.description ?? '', value: isPlain ? String(value) : '' };
  });

const root = new URL('../', import.meta.url);
const example = [
  '# Settings of Lockstep, each with its default. Copy this file to .env and change what you need;',
  '# the environment wins over the file.',
  ...settings.flatMap(({ name, meaning, value }) => [
    '',
    `# ${meaning.replaceAll('`', '')}`,
    `#${name}=${value}`,
  ]),
];
writeFileSync(new URL('.env.example', root), `${example.join('\n')}\n`);

const table = [
  '| setting | default | what |',
  '|---|---|---|',
  ...settings.map(
    ({ name, meaning, value }) => `| \`${name}\` | ${value ? `\`${value}\`` : ''} | ${meaning} |`,
  ),
];
const readme = new URL('README.md', root);
const text = readFileSync(readme, 'utf8');
const marked = /(<!-- settings:start -->)[\s\S]*(<!-- settings:end -->)/;
if (!marked.test(text)) throw new Error('README.md has lost its settings markers');
writeFileSync(readme, text.replace(marked, `$1\n${table.join('\n')}\n$2`));
