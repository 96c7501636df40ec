import { commands } from '@lockstep/protocol';
import { IMPORT } from '../lib/commands.mjs';
import { readFlags, UsageError } from '../lib/flags.mjs';

export interface ImportArgs {
  folder: string;
  title: string;
  isPrivate: boolean;
  as: string | null;
  offsetMinutes: number;
  network: string;
}

/** Reads the command line. Throws UsageError with the one thing that is wrong; null when help was asked for. */
export const readArgs = (argv: string[]): ImportArgs | null => {
  const flags = readFlags(IMPORT, argv);
  if (!flags) return null;
  const { values, words } = flags;
  const [kind, folder, ...more] = words;
  if (kind !== 'irc') throw new UsageError(kind ? `Cannot import "${kind}": only irc.` : 'What to import?');
  if (!folder) throw new UsageError('Which folder?');
  if (more.length > 0) throw new UsageError(`One folder at a time, not also "${more[0]}".`);
  if (!values.channel) throw new UsageError('Into which channel? Say --channel <name>.');
  const title = commands.title.safeParse(values.channel.replace(/^#+/, ''));
  if (!title.success) throw new UsageError(`--channel ${title.error.issues[0]?.message}.`);
  return {
    folder,
    title: title.data,
    isPrivate: values.private ?? false,
    as: values.as ?? null,
    offsetMinutes: offset(values['timezone-offset'] ?? '+0:00'),
    network: values.network ?? 'irc',
  };
};

const offset = (text: string): number => {
  const found = /^([+-]?)(\d{1,2})(?::?([0-5]\d))?$/.exec(text);
  const minutes = found ? Number(found[2]) * 60 + Number(found[3] ?? 0) : Number.NaN;
  if (!found || minutes > 14 * 60)
    throw new UsageError(`--timezone-offset is "${text}"; it looks like +2:00 or -05:30.`);
  return found[1] === '-' ? -minutes : minutes;
};
