import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createHttp } from '@lockstep/sync';
import { commandLine, endWith } from './lib/command-line.mjs';
import { E2E } from './lib/commands.mjs';
import { UsageError } from './lib/flags.mjs';
import { build } from './lib/prepare.mjs';
import { StartError, step } from './lib/steps.mjs';

/** Origin of the server. Throws UsageError. */
const originOf = (text: string): string => {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol))
    throw new UsageError(`--url must be an address such as https://chat.example.org, not "${text}".`);
  return url.origin;
};

/** The code of an invitation, out of its link if that was given. */
const codeOf = (text: string | undefined): string | undefined =>
  text && URL.canParse(text) ? (new URL(text).searchParams.get('invite') ?? text) : text;

/** Whether the tests can make people there. Throws StartError with what to do. */
const check = async (url: string, invitation: string | undefined): Promise<void> => {
  const { ready, signUp } = await createHttp({ url })
    .query('workspace.status')
    .catch((error: Error & { cause?: Error }) => {
      throw new StartError(
        `${url} does not answer as Lockstep does: ${error.cause?.message ?? error.message}`,
      );
    });
  if (!ready)
    throw new StartError(`${url} has no account yet: make the first one, the administrator's, there`);
  if (signUp === 'invitation' && !invitation)
    throw new StartError(
      `Nobody can sign up at ${url} without an invitation: make one there (People, Invite) for as many people as the tests need, and give it with --invitation`,
    );
};

const work = async (): Promise<number> => {
  const { values, words } = commandLine(E2E);
  const { url: address, invitation: invited, ...forPlaywright } = values;
  const { LOCKSTEP_URL: _, LOCKSTEP_INVITATION: __, LOCKSTEP_INSTALLATION: ___, ...env } = process.env;
  const invitation = codeOf(invited);
  if (address) {
    const url = originOf(address);
    await check(url, invitation);
    Object.assign(env, { LOCKSTEP_URL: url, LOCKSTEP_INSTALLATION: url });
    if (invitation) Object.assign(env, { LOCKSTEP_INVITATION: invitation });
  } else await step('build', build);
  const playwright = createRequire(import.meta.url).resolve('@playwright/test/cli');
  const options = Object.entries(forPlaywright).map(([name, value]) =>
    value === true ? `--${name}` : `--${name}=${value}`,
  );
  const child = spawn(process.execPath, [playwright, 'test', ...options, ...words], {
    env,
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  const [code] = await once(child, 'exit');
  return code ?? 1;
};

await work().then(
  (code) => process.exit(code),
  (error) => endWith(error, error instanceof UsageError ? E2E.usage : undefined),
);
