import util from 'node:util';
import { nearest } from './nearest.mjs';
import { StartError } from './steps.mjs';

/** A command line that cannot be followed: shown as its one line, with the usage below. */
export class UsageError extends StartError {
  name = 'UsageError';
}

/**
 * Reads a command line. Returns null when `--help` or `-h` was asked for. Throws UsageError for an option that there is
 * not, and names the one that was probably meant, for a value that is missing, and for more words than `words`.
 *
 * @template {NonNullable<import('node:util').ParseArgsConfig['options']>} Options
 * @param {{ options: Options, words?: number }} known the options as `util.parseArgs` takes them; words besides them at most
 * @param {readonly string[]} [argv]
 */
export const readFlags = ({ options, words = 0 }, argv = process.argv.slice(2)) => {
  argv = withNegative(options, argv);
  const all = { ...options, help: /** @type {const} */ ({ type: 'boolean', short: 'h' }) };
  const names = Object.keys(all);
  const { tokens } = util.parseArgs({ args: [...argv], options: all, strict: false, tokens: true });
  if (tokens.some((token) => token.kind === 'option' && token.name === 'help')) return null;
  for (const token of tokens) {
    if (token.kind !== 'option' || names.includes(token.name)) continue;
    const meant = nearest(token.name, names);
    throw new UsageError(`There is no option ${token.rawName}${meant ? `: did you mean --${meant}?` : '.'}`);
  }
  try {
    const { values, positionals } = util.parseArgs({ args: [...argv], options, allowPositionals: true });
    if (positionals.length > words) throw new UsageError(`What is "${positionals[words]}"?`);
    return { values, words: positionals };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${error.message.split('. ')[0].replace(/\.$/, '')}.`);
  }
};

/**
 * `--by -2:00` as `--by=-2:00`: parseArgs takes a value that begins with a minus for an option of its own.
 *
 * @param {NonNullable<import('node:util').ParseArgsConfig['options']>} options
 * @param {readonly string[]} argv
 */
const withNegative = (options, argv) => {
  const joined = [];
  for (let i = 0; i < argv.length; i++) {
    const word = /** @type {string} */ (argv[i]);
    const next = argv[i + 1];
    const takesValue = word.startsWith('--') && options[word.slice(2)]?.type === 'string';
    if (takesValue && next && /^-\d/.test(next)) {
      joined.push(`${word}=${next}`);
      i++;
    } else joined.push(word);
  }
  return joined;
};
