import { parseArgs } from 'node:util';
import { commands } from '@lockstep/protocol';
import { Problem } from './problem.ts';

export const USAGE = `Usage: npm run import -- irc <folder> --channel <name> [options]

  <folder>                  one log a day, the day in the file name: 2004-12-25.txt
  --channel <name>          the channel to import into; made when there is none
  --private                 make it a private channel (public otherwise)
  --as <e-mail>             the account that owns it (the first admin otherwise)
  --timezone-offset <±h:mm> how far the log's clock was ahead of UTC (+0:00 otherwise)
  --network <name>          nicks of one network are the same people in all its channels ("irc" otherwise)`;

export interface ImportArgs {
  folder: string;
  title: string;
  isPrivate: boolean;
  as: string | null;
  offsetMinutes: number;
  network: string;
}

/** Reads the command line. Throws Problem with the one thing that is wrong; null when help was asked for. */
export const readArgs = (argv: string[]): ImportArgs | null => {
  const { values, positionals } = parsed(argv);
  if (values.help) return null;
  const [kind, folder, ...more] = positionals;
  if (kind !== 'irc')
    throw new Problem(kind ? `Cannot import "${kind}": only irc.` : 'What to import?', true);
  if (!folder) throw new Problem('Which folder?', true);
  if (more.length > 0) throw new Problem(`One folder at a time, not also "${more[0]}".`, true);
  if (!values.channel) throw new Problem('Into which channel? Say --channel <name>.', true);
  const title = commands.title.safeParse(values.channel.replace(/^#+/, ''));
  if (!title.success) throw new Problem(`--channel ${title.error.issues[0]?.message}.`, true);
  return {
    folder,
    title: title.data,
    isPrivate: values.private,
    as: values.as ?? null,
    offsetMinutes: offset(values['timezone-offset']),
    network: values.network,
  };
};

const parsed = (argv: string[]) => {
  try {
    return parseArgs({
      args: joinOffset(argv),
      allowPositionals: true,
      options: {
        channel: { type: 'string' },
        private: { type: 'boolean', default: false },
        as: { type: 'string' },
        'timezone-offset': { type: 'string', default: '+0:00' },
        network: { type: 'string', default: 'irc' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new Problem((error as Error).message.split('. ')[0] as string, true);
  }
};

/** parseArgs takes `-2:00` for an option of its own unless it is joined by "=". */
const joinOffset = (argv: string[]): string[] => {
  const at = argv.indexOf('--timezone-offset');
  const value = argv[at + 1];
  if (at < 0 || !value?.startsWith('-')) return argv;
  return [...argv.slice(0, at), `--timezone-offset=${value}`, ...argv.slice(at + 2)];
};

const offset = (text: string): number => {
  const found = /^([+-]?)(\d{1,2})(?::?([0-5]\d))?$/.exec(text);
  const minutes = found ? Number(found[2]) * 60 + Number(found[3] ?? 0) : Number.NaN;
  if (!found || minutes > 14 * 60)
    throw new Problem(`--timezone-offset is "${text}"; it looks like +2:00 or -05:30.`, true);
  return found[1] === '-' ? -minutes : minutes;
};
