/**
 * What the scripts of package.json take, by name. Plain JavaScript without packages: `--help` and a mistyped option are
 * answered before anything is installed. `file` is run with `first` and what was typed; `names` are what the first word
 * may be, `optionsOf` the options of each, where these differ.
 *
 * @typedef {{ type: 'string' | 'boolean', multiple?: boolean, short?: string }} Option
 * @typedef {{
 *   file: string,
 *   first?: readonly string[],
 *   usage: string,
 *   options: Record<string, Option>,
 *   words: number,
 *   optionsOf?: Record<string, readonly string[]>,
 * }} Command
 */

const text = /** @type {const} */ ({ type: 'string' });
const texts = /** @type {const} */ ({ type: 'string', multiple: true });
const flag = /** @type {const} */ ({ type: 'boolean' });
const ANY = Number.POSITIVE_INFINITY;

export const BENCHES = /** @type {const} */ ({
  append: ['seconds', 'conversations', 'senders', 'hot-senders', 'mention-every'],
  'cold-sync': ['conversations', 'messages', 'runs'],
  fanout: ['seconds', 'conversations', 'members', 'people'],
  history: ['messages', 'rounds', 'keep', 'data'],
  'index-lag': ['seconds', 'rate'],
  'kill-parts': ['rounds', 'rate'],
  idle: ['devices', 'seconds'],
  reconnect: ['devices', 'messages', 'outage'],
  render: ['messages'],
  rolling: ['webs', 'rate', 'seconds'],
  room: ['seconds', 'devices', 'window', 'senders'],
  scroll: ['messages'],
  search: ['messages', 'rounds', 'seconds', 'keep', 'data'],
  send: ['seconds', 'hold', 'from', 'by', 'most', 'minutes', 'rate'],
});

const BENCH_OPTIONS = /** @type {Record<string, Option>} */ (
  Object.fromEntries(Object.values(BENCHES).flatMap((names) => names.map((name) => [name, text])))
);

export const IMPORT = {
  file: 'scripts/import.ts',
  usage: `Usage: npm run import -- irc <folder> --channel <name> [options]

  <folder>                  one log a day, the day in the file name: 2004-12-25.txt
  --channel <name>          the channel to import into; created if there is none
  --private                 import into a private channel (default: public)
  --as <e-mail>             the account that owns it (default: the first admin)
  --timezone-offset <±h:mm> how far the log's clock was ahead of UTC (default: +0:00)
  --network <name>          nicks of one network are the same people in all its channels (default: "irc")`,
  options: /** @type {const} */ ({
    channel: text,
    private: flag,
    as: text,
    'timezone-offset': text,
    network: text,
  }),
  words: ANY,
};

export const SEARCH = {
  file: 'scripts/search.ts',
  usage: `Usage: npm run search -- <command>

  status             how far the index reaches, of each conversation that is behind
  verify [--repair]  compares the index with the messages and lists every difference; --repair also fixes them
  rebuild            rebuilds the index, while people search`,
  options: /** @type {const} */ ({ repair: flag }),
  words: 1,
};

export const ADMIN = {
  file: 'scripts/admin.ts',
  usage: `Usage: npm run admin -- <command> [e-mail]

  list [--admins | --deactivated]  who has an account, by name: role, state, devices, last active
  usage                            how many people, devices and messages there are, and what they take
  make-admin <e-mail>              makes a person an admin of the workspace
  remove-admin <e-mail>            makes an admin a member; refused for the last active admin
  disable <e-mail>                 deactivates a person: no sign-in, every device is signed out; messages stay
  enable <e-mail>                  activates the person again
  reset-password <e-mail>          prints a link with which the person sets a new password, once, within a day
  sign-out <e-mail>                signs a person out on all devices

Works while Lockstep is running and while it is not. Each change of a person is in the audit log as "command line".`,
  options: /** @type {const} */ ({ admins: flag, deactivated: flag }),
  words: 2,
};

export const BACKUP = {
  file: 'scripts/backup.ts',
  usage: `Usage: npm run backup -- [options]     everything of the workspace as it is now, in one folder

  --to <folder>      is made for it; default: backups/<date and time>
  --verify <folder>  makes none, but compares each file of a backup with its manifest

Works while Lockstep is running and while it is not. docs/backup.md says what is in it and what is not.`,
  options: /** @type {const} */ ({ to: text, verify: text }),
  words: 0,
};

export const RESTORE = {
  file: 'scripts/restore.ts',
  usage: `Usage: npm run restore -- --from <folder> [options]     a backup into an empty place: that of DATABASE_URL, else of DATA_DIR

  --from <folder>  the backup
  --verify         restores nothing, but compares each file of it with its manifest

Lockstep must not run there. One that was stopped goes on when the same command is given again.`,
  options: /** @type {const} */ ({ from: text, verify: flag }),
  words: 0,
};

export const MOVE = {
  file: 'scripts/move.ts',
  usage: `Usage: npm run move -- --to <postgresql://… | folder>     to a Postgres of your own, or to an embedded one in another folder

  --to postgresql://user:password@host:5432/database   an empty database
  --to <folder>                                        a DATA_DIR that does not exist yet

Lockstep must not run. What is there now stays as it is. Says at the end which setting to change.`,
  options: /** @type {const} */ ({ to: text }),
  words: 0,
};

export const VERIFY_EXPORT = {
  file: 'scripts/verify-export.ts',
  usage: `Usage: npm run verify-export -- <folder with manifest.json and the files beside it>

  Compares the files with the manifest, line by line. Reads files only, without a database or a network. To check the
  manifest itself, compare the printed SHA-256 with the audit log.`,
  options: {},
  words: 1,
};

export const SIM = {
  file: 'scripts/sim.ts',
  usage: `Usage: npm run sim -- [options]     devices, server and faults under one seed; the last line is one JSON object

  --seeds <n>      how many seeds (default: 1000)
  --from <n>       the first of them (default: 1)
  --seed <n>       this one and no other
  --verbose        all that happens in it
  --storm          the database has several calls at once: every rule has to hold, but no run can be repeated
  --processes <n>  at once (default: 2)`,
  options: /** @type {const} */ ({
    seeds: text,
    from: text,
    seed: text,
    processes: text,
    verbose: flag,
    storm: flag,
  }),
  words: 0,
};

export const FUZZ = {
  file: 'scripts/fuzz.ts',
  usage: `Usage: npm run fuzz -- [options]     random input for all parsers; the last line is one JSON object

  --target <name>  one of them; may be given several times (default: all of them)
  --seconds <n>    for each target (default: 60)
  --seed <n>       the same input again; the seed of a run is printed
  --from <n>       the first run of that seed (default: 0)
  --runs <n>       so many of each target, however long they take
  --short          a number of runs for each target, as npm test does
  --threads <n>    at once (default: 2)

Failing inputs are shrunk and kept in packages/testing/src/fuzz/kept, where the tests run it again.`,
  options: /** @type {const} */ ({
    seed: text,
    seconds: text,
    runs: text,
    from: text,
    target: texts,
    threads: text,
    short: flag,
  }),
  words: 0,
};

export const MUTATE = {
  file: 'scripts/mutate.ts',
  usage: `Usage: npm run mutate -- [options]     puts small faults into the sources, one at a time, and checks that a test fails

  --base <revision>  the lines that differ from it (default: main)
  --package <name>   all of a package; may be given several times
  --file <path>      all of a file; may be given several times
  --sample <n>       so many of each package
  --seed <n>         the same sample for the same seed (default: 1)
  --minutes <n>      stops after this time; the same command goes on where it stopped
  --out <path>       where the results go (default: test-results/mutation.json)
  --own              asks only the tests of the package itself
  --list             only says which mutants there are
  --fresh            forgets earlier results`,
  options: /** @type {const} */ ({
    base: text,
    package: texts,
    file: texts,
    sample: text,
    seed: text,
    minutes: text,
    own: flag,
    out: text,
    fresh: flag,
    list: flag,
  }),
  words: 0,
};

export const NODES = {
  file: 'scripts/nodes.ts',
  usage: `Usage: npm run nodes -- [versions] [options]

Starts Lockstep with each of these Nodes (default: 20.19.0, 22, 24, 26), on data of its own: signs up, sends,
searches, stops, and checks that nothing is left. The exit code is 1 when one of them fails.

  <versions>   20.19.0, or 22 for the newest of it
  --fresh      fetch them again: what was fetched before is kept`,
  options: /** @type {const} */ ({ fresh: flag }),
  words: ANY,
};

export const E2E = {
  file: 'scripts/e2e.ts',
  usage: `Usage: npm run e2e -- [files] [options]     browser tests; the report of a server's is in playwright-report

  --url <address>      of a server that runs, such as https://chat.example.org (default: the build here, started anew)
  --invitation <code>  an invitation there, the link or its code, where people cannot sign up without one
  --workers <n>        so many tests at a time (default: 2)
  -g, --grep <text>    only tests whose title has it
  --repeat-each <n>    each test so often
  --headed, --debug    with a browser to look at, or step by step
  --output <folder>    for traces of what fails (default: test-results)

Further options of Playwright go after another --. docs/testing.md has what is left out on a server that runs, and what
stays behind there.`,
  options: /** @type {const} */ ({
    url: text,
    invitation: text,
    workers: text,
    grep: { type: 'string', short: 'g' },
    'repeat-each': text,
    headed: flag,
    debug: flag,
    output: text,
  }),
  words: ANY,
};

export const SCREENSHOTS = {
  file: 'scripts/screenshots.ts',
  usage: `Usage: npm run screenshots -- [name ...]     takes the pictures of docs/screenshots again, or only the named ones

  Starts the built product on data of its own. Needs fonts for Chinese and emoji.`,
  options: {},
  words: ANY,
};

/** @type {Record<string, Command>} */
export const COMMANDS = {
  bench: {
    file: 'bench/main.ts',
    usage: `Usage: npm run bench -- <name> [options]     the last line is one JSON object

${Object.entries(BENCHES)
  .map(([name, options]) => `  ${name.padEnd(11)} ${options.map((option) => `--${option}`).join(' ')}`)
  .join('\n')}

Each option has a value, such as --seconds 5. README.md has what they measure and the figures.`,
    options: BENCH_OPTIONS,
    words: 1,
    optionsOf: BENCHES,
  },
  'kill-parts': {
    file: 'bench/main.ts',
    first: ['kill-parts'],
    usage: `Usage: npm run kill-parts -- [options]     kills web, worker, Postgres and launcher under load: nothing acknowledged may be lost

  --rounds <n>  so many times each (default: 10)
  --rate <n>    sends a second (default: 500)`,
    options: { rounds: text, rate: text },
    words: 0,
  },
  sim: SIM,
  fuzz: FUZZ,
  nodes: NODES,
  mutate: MUTATE,
  import: IMPORT,
  search: SEARCH,
  admin: ADMIN,
  backup: BACKUP,
  restore: RESTORE,
  move: MOVE,
  'verify-export': VERIFY_EXPORT,
  e2e: E2E,
  screenshots: SCREENSHOTS,
  typecheck: {
    file: 'node_modules/typescript/bin/tsc',
    first: ['-p', 'tsconfig.json'],
    usage: `Usage: npm run typecheck -- [options]     checks the types of scripts, bench, e2e and docs; npm run check has those of all

  --watch  stays, and checks again after each change`,
    options: { watch: flag },
    words: 0,
  },
  format: {
    file: 'node_modules/@biomejs/biome/bin/biome',
    first: ['check', '--write', '.'],
    usage: `Usage: npm run format -- [options]     formats everything and fixes what the linter can fix

  --unsafe  also where it may change what the code does`,
    options: { unsafe: flag },
    words: 0,
  },
};
