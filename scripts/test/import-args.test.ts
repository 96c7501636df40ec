import { describe, expect, it } from 'vitest';
import { readArgs } from '../import/args.ts';

describe('the command line of the import', () => {
  it('is read', () => {
    expect(
      readArgs(['irc', 'logs', '--channel', '#ubuntu', '--private', '--timezone-offset', '-5:30']),
    ).toEqual({
      folder: 'logs',
      title: 'ubuntu',
      isPrivate: true,
      as: null,
      offsetMinutes: -330,
      network: 'irc',
    });
    expect(readArgs(['--help'])).toBeNull();
  });

  it.each([
    [[], 'What to import?'],
    [['slack', 'x'], 'only irc'],
    [['irc'], 'Which folder?'],
    [['irc', 'a', 'b', '--channel', 'x'], 'One folder at a time'],
    [['irc', 'a'], 'Into which channel?'],
    [['irc', 'a', '--channel', '#'], '--channel is empty'],
    [['irc', 'a', '--channel', 'x', '--timezone-offset', 'CET'], 'looks like +2:00'],
    [['irc', 'a', '--channel', 'x', '--what'], 'There is no option --what.'],
    [['irc', 'a', '--chanel', 'x'], 'There is no option --chanel: did you mean --channel?'],
    [['irc', 'a', '--channel'], 'argument missing'],
  ])('says what is wrong with %j', (argv, message) => {
    expect(() => readArgs(argv)).toThrow(message);
  });
});
