import util from 'node:util';
import { COMMANDS } from './commands.mjs';
import { readFlags, UsageError } from './flags.mjs';
import { nearest } from './nearest.mjs';
import { printFault } from './steps.mjs';

/**
 * Whether the command line of a script is one that can be followed; null when help was asked for. Throws UsageError.
 *
 * @param {string} name of the script in package.json
 * @param {readonly string[]} argv
 */
export const checkCommandLine = (name, argv) => {
  const { options, words, optionsOf } = COMMANDS[name];
  if (!optionsOf) return readFlags({ options, words }, argv);
  const isHelp = argv.includes('--help') || argv.includes('-h');
  const { positionals } = util.parseArgs({ args: [...argv], options, strict: false, allowPositionals: true });
  const [word] = positionals;
  if (isHelp) return null;
  const names = Object.keys(optionsOf);
  if (word === undefined) throw new UsageError(`Which one? There is ${names.join(', ')}.`);
  const own = optionsOf[word];
  if (!own) {
    const meant = nearest(word, names);
    throw new UsageError(`There is no ${name} "${word}"${meant ? `: did you mean ${meant}?` : '.'}`);
  }
  return readFlags({ options: Object.fromEntries(own.map((one) => [one, options[one]])), words }, argv);
};

/**
 * For a program behind a script: reads its command line, and ends it with the usage where that cannot be followed.
 *
 * @template {NonNullable<import('node:util').ParseArgsConfig['options']>} Options
 * @param {{ options: Options, usage: string, words: number }} command
 */
export const commandLine = ({ options, usage, words }) => {
  try {
    const flags = readFlags({ options, words });
    if (flags) return flags;
    console.log(usage);
  } catch (error) {
    endWith(error, usage);
  }
  return process.exit(0);
};

/**
 * The whole number that was given for an option. Ends the program where it is none, or below `least`.
 *
 * @param {string} usage
 * @param {string} name
 * @param {string | undefined} value
 * @param {number} least
 */
export const wholeNumber = (usage, name, value, least) => {
  const number = Number(value);
  if (value?.trim() && Number.isInteger(number) && number >= least) return number;
  return endWith(new UsageError(`--${name} must be a whole number from ${least}, not "${value}".`), usage);
};

/** @returns {never} */
export const endWith = (error, usage) => {
  printFault(error, usage);
  process.exit(1);
};
