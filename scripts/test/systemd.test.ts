import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';

const module = fileURLToPath(new URL('../lib/systemd.ts', import.meta.url));
const has = (program: string, arg: string) => spawnSync(program, [arg]).status === 0;
const canListen = has('systemd-notify', '--version') && has('python3', '--version');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-systemd-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What it prints, with this in its environment. */
const run = (script: string, env: NodeJS.ProcessEnv): string =>
  spawnSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  }).stdout;

it.skipIf(!canListen)('systemd is told, by systemd-notify, and what we start is not', async () => {
  const socket = join(folder, 'notify');
  const listener = spawn('python3', [
    '-c',
    `import socket, sys
server = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
server.bind(sys.argv[1])
print('listening', flush=True)
print(server.recv(1000).decode(), flush=True)`,
    socket,
  ]);
  let heard = '';
  listener.stdout.on('data', (data) => {
    heard += data;
  });
  await once(listener.stdout, 'data');
  const script = `const { notifySystemd } = await import(${JSON.stringify(module)});
    console.log(process.env.NOTIFY_SOCKET);
    notifySystemd('READY=1');`;
  expect(run(script, { NOTIFY_SOCKET: socket })).toBe('undefined\n');
  await once(listener, 'exit');
  expect(heard).toBe('listening\nREADY=1\n');
});

it('without systemd nothing is started', () => {
  const script = `const { notifySystemd } = await import(${JSON.stringify(module)});
    notifySystemd('READY=1');
    console.log(process.getActiveResourcesInfo().filter((name) => name === 'ProcessWrap').length);`;
  expect(run(script, { NOTIFY_SOCKET: undefined })).toBe('0\n');
});
