import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** What Playwright's `launchOptions` takes, as far as we set it. */
interface BrowserLaunch {
  executablePath: string;
  args: string[];
  env?: Record<string, string>;
}

const COMMANDS = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'chrome',
  'microsoft-edge',
];
const MAC = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/**
 * A Chromium for tests and pictures: CHROMIUM_PATH, then an installed one, then the one from npm
 * (`@sparticuz/chromium`, unpacked once below the temporary folder). Throws one line when there is none.
 */
export const launchOptions = async (): Promise<BrowserLaunch> => {
  // The sandbox needs rights that root in a container and many CI machines lack; pages are our own.
  const args = ['--no-sandbox', '--disable-dev-shm-usage'];
  const given = process.env.CHROMIUM_PATH;
  if (given) {
    if (!isProgram(given)) throw new Error(`CHROMIUM_PATH: ${given} is not a program`);
    return { executablePath: given, args };
  }
  const installed = findInstalled();
  if (installed) return { executablePath: installed, args };
  return fromNpm(args);
};

const isProgram = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
};

const findInstalled = (): string | undefined => {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return [...COMMANDS.flatMap((name) => folders.map((folder) => join(folder, name))), ...MAC].find(isProgram);
};

/**
 * The package is made for a bare Amazon Linux: it brings its own libraries (NSS and others), which a bare Debian lacks
 * as well, but unpacks them only when it believes to be there, and always straight into the temporary folder. So we
 * unpack into a folder of this user and version, and name the libraries to this one process.
 */
const fromNpm = async (args: string[]): Promise<BrowserLaunch> => {
  const manifest = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
  const version = manifest.devDependencies['@sparticuz/chromium'];
  const home = join(tmpdir(), `lockstep-chromium-${version}-${process.getuid?.() ?? 'user'}`);
  if (!existsSync(home)) await unpack(home);
  return {
    executablePath: join(home, 'chromium'),
    // Without a graphics card, plain software drawing takes a fraction of what emulated GL does.
    args: [...args, '--no-zygote', '--headless=shell', '--disable-gpu', '--disable-software-rasterizer'],
    env: {
      ...(process.env as Record<string, string>),
      LD_LIBRARY_PATH: [join(home, 'al2023', 'lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':'),
      FONTCONFIG_FILE: fontsFile(home),
    },
  };
};

/** The package's own list names folders of Amazon's; without any font, nothing has a size and nothing can be clicked. */
const fontsFile = (home: string): string => {
  const file = join(home, 'fonts.conf');
  const folders = [join(home, 'fonts', 'fonts'), '/usr/share/fonts', '/usr/local/share/fonts'];
  writeFileSync(
    file,
    `<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>\n${folders
      .map((folder) => `  <dir>${folder}</dir>\n`)
      .join('')}  <cachedir>${join(home, 'fonts-cache')}</cachedir>\n</fontconfig>\n`,
  );
  return file;
};

const unpack = async (home: string): Promise<void> => {
  const unfinished = `${home}-${process.pid}`;
  mkdirSync(unfinished, { mode: 0o700 });
  const before = { TMPDIR: process.env.TMPDIR, AWS_EXECUTION_ENV: process.env.AWS_EXECUTION_ENV };
  const { LD_LIBRARY_PATH, FONTCONFIG_PATH } = process.env;
  Object.assign(process.env, { TMPDIR: unfinished, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' });
  try {
    const { default: chromium } = await import('@sparticuz/chromium');
    await chromium.executablePath();
    renameSync(unfinished, home);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(home)) {
      throw new Error(
        `No browser: set CHROMIUM_PATH, or install chromium (${error instanceof Error ? error.message : error})`,
      );
    }
  } finally {
    for (const [name, value] of Object.entries({ ...before, LD_LIBRARY_PATH, FONTCONFIG_PATH })) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
};
