import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { commandByPs, commandOf, isAlive, isRunning, startOf } from '../src/embedded/process.ts';

const word = 'lockstep-process-test';
const living = async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)', word]);
  await once(child, 'spawn');
  return { pid: child.pid as number, child };
};

it('a process is known by its command line and by when it began, until it has ended', async () => {
  const { pid, child } = await living();
  try {
    expect([isAlive(pid), isRunning(pid, word), isRunning(pid, 'another-word')]).toEqual([true, true, false]);
    expect(commandOf(pid)).toContain(`setInterval(() => {}, 1e6) ${word}`);
    if (process.platform === 'linux') {
      expect(startOf(pid)).toMatch(/^\d+$/);
      expect(startOf(pid)).toBe(startOf(pid));
      expect(Number(startOf(pid))).toBeGreaterThan(Number(startOf(process.ppid)));
    }
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  expect([isAlive(pid), isRunning(pid, word), commandOf(pid), startOf(pid)]).toEqual([false, false, '', '']);
});

it.skipIf(spawnSync('ps').error)('ps tells the same command line', async () => {
  const { pid, child } = await living();
  try {
    expect(commandByPs(pid).trim()).toBe(commandOf(pid).trim());
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  expect(commandByPs(pid)).toBe('');
});
