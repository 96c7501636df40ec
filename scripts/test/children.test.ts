import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProgram } from '../lib/children.ts';
import { runNode } from '../lib/run.mjs';

// How the end of a program is told. A kill by SIGKILL that nobody sent is what a lack of memory looks like.

describe('a part of the product', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'lockstep-children-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([
    ['SIGKILL', 'was killed (SIGKILL: if nobody did that, the memory ran out)'],
    ['SIGTERM', 'was ended by SIGTERM'],
    ['3', 'ended with exit code 3'],
  ])('ended by %s: %s', async (how, reported) => {
    const file = join(folder, `${how}.mjs`);
    const isCode = how === '3';
    writeFileSync(
      file,
      isCode ? 'process.exit(3)' : `process.kill(process.pid, '${how}'); setInterval(() => {}, 1e6)`,
    );
    const { ended } = startProgram('part', { folder: '.', file }, process.env, null);
    expect(await ended).toBe(reported);
  });
});

describe('a step of the start', () => {
  const MEMORY =
    'it was killed, most likely because the memory ran out: free some (it takes about 1 GB), or give the machine swap';
  const kill = "process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1e6)";
  // As turbo ends when a build of it was killed.
  const inTurbo = "console.error('web:build: command exited (137)'); process.exit(137)";
  const heap = 'const all = []; for (;;) all.push(new Array(10_000).fill(all.length + 0.5))';

  it.each([
    ['that the system has killed', ['-e', kill], MEMORY],
    ['whose program was killed', ['-e', inTurbo], MEMORY],
    ['whose heap is full', ['--max-old-space-size=16', '-e', heap], MEMORY],
    ['that has failed', ['-e', "console.error('a fault'); process.exit(3)"], 'see above'],
  ])('%s', async (_, args, reason) => {
    const fault = await runNode('The build', args).catch((error: Error) => error);
    expect(fault?.name).toBe('StartError');
    expect(fault?.message).toMatch(/\n\nThe build failed \([^)]+\): /);
    expect(fault?.message.split('): ').at(-1)).toBe(reason);
  });
});
