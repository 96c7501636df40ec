import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkCommandLine } from '../lib/command-line.mjs';
import { COMMANDS } from '../lib/commands.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const scripts: Record<string, string> = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts;
/** What a script needs besides options to begin. */
const WORDS: Record<string, string[]> = {
  bench: ['append'],
  import: ['irc', '.', '--channel', 'x'],
  search: ['status'],
  admin: ['list'],
  'verify-export': ['.'],
};
const SLOW = 60_000;

/** A fresh clone as far as the scripts need it: nothing is installed, and npm only says what it was asked. */
let clone: string;
beforeAll(() => {
  clone = mkdtempSync(join(tmpdir(), 'lockstep-clone-'));
  for (const name of ['scripts', 'package.json', 'package-lock.json', 'docs/screenshots'])
    cpSync(join(root, name), join(clone, name), { recursive: true });
  writeFileSync(
    join(clone, 'npm-cli.js'),
    'console.log("npm", ...process.argv.slice(2)); process.exit(1);\n',
  );
});
afterAll(() => rmSync(clone, { recursive: true, force: true }));

const run = (name: string, ...args: string[]): Promise<{ code: number; out: string; err: string }> => {
  const [program = '', ...words] = (scripts[name] as string).replace(/^exec /, '').split(' ');
  expect(program).toBe('node');
  return new Promise((done) =>
    execFile(
      process.execPath,
      [...words, ...args],
      { cwd: clone, env: { ...process.env, npm_execpath: join(clone, 'npm-cli.js') } },
      (error, out, err) => done({ code: error ? Number(error.code) : 0, out, err }),
    ),
  );
};

const everyScript = <T>(ask: (name: string) => Promise<T>): Promise<Record<string, T>> =>
  Promise.all(Object.keys(scripts).map(async (name) => [name, await ask(name)] as const)).then(
    Object.fromEntries,
  );
const all = <T>(value: T) => Object.fromEntries(Object.keys(scripts).map((name) => [name, value]));

describe('every script of package.json, in a clone in which nothing is installed', () => {
  it('has --help', { timeout: SLOW }, async () => {
    const reported = await everyScript(async (name) => {
      const { code, out, err } = await run(name, ...(WORDS[name] ?? []), '--help');
      const asked = new RegExp(`npm (run )?${name}\\b`);
      return code === 0 && err === '' && out.startsWith('Usage: npm ') && asked.test(out)
        ? 'help'
        : out + err;
    });
    expect(reported).toEqual(all('help'));
  });

  it('refuses an option that there is not, names the nearest and shows the usage', {
    timeout: SLOW,
  }, async () => {
    const reported = await everyScript(async (name) => {
      const { code, out, err } = await run(name, ...(WORDS[name] ?? []), '--hepl');
      const [line, ...usage] = err.trim().split('\n');
      return code === 1 && out === '' && usage.join('\n').includes('Usage: npm') ? line : out + err;
    });
    expect(reported).toEqual(all('There is no option --hepl: did you mean --help?'));
  });

  it('first installs what it needs, and says in one line why it could not', { timeout: SLOW }, async () => {
    const reported = await everyScript(async (name) => {
      const { code, out, err } = await run(name, ...(WORDS[name] ?? []));
      const isOne = err.includes('npm ci ') && err.trim().endsWith('npm failed (exit code 1): see above');
      return code === 1 && isOne && !/^ {4}at /m.test(err) ? 'installs' : out + err;
    });
    expect(reported).toEqual(all('installs'));
  });
});

it('npm run build leaves a folder alone from which Lockstep runs', { timeout: SLOW }, async () => {
  const cache = join(clone, 'node_modules/.cache/lockstep');
  mkdirSync(cache, { recursive: true });
  const serving = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)', 'start.mjs']);
  await once(serving, 'spawn');
  writeFileSync(join(cache, 'serving'), String(serving.pid));
  const refused = await run('build');
  expect(refused.err).toMatch(/^\nLockstep runs from this folder \(process \d+\), .* folder of its own/);
  expect([refused.code, refused.out]).toEqual([1, '']);
  serving.kill();
  await once(serving, 'exit');
  expect((await run('build')).err).toContain('npm ci ');
  rmSync(join(clone, 'node_modules'), { recursive: true });
});

describe('the options of a script', () => {
  const mistyped = Object.entries(COMMANDS).flatMap(([name, { options, optionsOf }]) =>
    Object.entries(optionsOf ?? { '': Object.keys(options) }).flatMap(([word, known]) =>
      known.map((option) => [name, word, option] as const),
    ),
  );
  const attempt = (name: string, argv: string[]) => {
    try {
      return checkCommandLine(name, argv);
    } catch (error) {
      return (error as Error).message;
    }
  };

  it.each(mistyped)('%s %s --%s is known, and meant where a letter is wrong', (name, word, option) => {
    const { options } = COMMANDS[name] as (typeof COMMANDS)[string];
    const value = options[option]?.type === 'boolean' ? [] : ['1'];
    const words = word ? [word] : [];
    expect(attempt(name, [...words, `--${option}`, ...value])).toMatchObject({ words });
    const wrong = `${option.slice(0, -2)}${option.at(-1)}${option.at(-2)}`;
    const meant = wrong === option ? '' : `There is no option --${wrong}: did you mean --${option}?`;
    if (meant) expect(attempt(name, [...words, `--${wrong}`, ...value])).toBe(meant);
  });

  it.each([
    ['bench', ['append', '--secs', '5'], 'There is no option --secs.'],
    ['bench', ['append', '--second', '5'], 'There is no option --second: did you mean --seconds?'],
    ['bench', ['append', '--rounds', '5'], 'There is no option --rounds.'],
    ['bench', ['apend'], 'There is no bench "apend": did you mean append?'],
    ['bench', [], 'Which one? There is append, '],
    ['bench', ['append', 'send'], 'What is "send"?'],
    ['sim', ['17'], 'What is "17"?'],
    ['fuzz', ['--seconds'], "Option '--seconds <value>' argument missing."],
  ])('are told what is wrong: %s %j', (name, argv, message) =>
    expect(attempt(name, argv)).toContain(message),
  );

  it('may have a negative value', () => {
    const argv = ['irc', 'x', '--channel', 'x', '--timezone-offset', '-5:30'];
    expect(checkCommandLine('import', argv)?.values).toMatchObject({ 'timezone-offset': '-5:30' });
  });
});
