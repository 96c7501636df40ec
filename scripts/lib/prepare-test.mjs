import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const MINIMUM = [20, 19];

/** Ends the process with one line where Node is too old. */
export const requireNode = () => {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1])) return;
  console.error(
    `Lockstep needs Node ${MINIMUM.join('.')} or newer; this is ${process.versions.node}. Get it from https://nodejs.org.`,
  );
  process.exit(1);
};

/** Runs `work` unless the given files are as they were when it last succeeded. Returns whether it ran. */
const whenChanged = (root, name, files, work) => {
  const hash = createHash('sha256').update(process.version);
  for (const file of files) hash.update(readFileSync(join(root, file)));
  const digest = hash.digest('hex');
  const stamps = join(root, 'node_modules', '.lockstep');
  const stamp = join(stamps, name);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === digest) return false;
  work();
  mkdirSync(stamps, { recursive: true });
  writeFileSync(stamp, digest);
  return true;
};

const run = (root, command, args, env = {}) => {
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
    env: { ...process.env, ...env },
  });
  if (status === 0) return;
  console.error(`\`${command} ${args.join(' ')}\` failed: the reason stands above.`);
  process.exit(1);
};

/** Packages as the lockfile says, and the generated Prisma client: each only when something changed. */
export const prepare = (root) => {
  requireNode();
  whenChanged(root, 'install', ['package-lock.json'], () => {
    run(root, 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  });
  const generated = existsSync(join(root, 'packages/db/src/generated/client.ts'));
  const generate = () =>
    // `generate` needs no schema engine; naming any program keeps the CLI from downloading one.
    run(root, 'npx', ['prisma', 'generate', '--no-hints'], { PRISMA_SCHEMA_ENGINE_BINARY: process.execPath });
  if (!whenChanged(root, 'prisma', ['prisma/schema.prisma', 'package-lock.json'], generate) && !generated)
    generate();
};
