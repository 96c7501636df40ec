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
    const { ended } = startProgram('part', { folder: '.', args: [file] }, process.env, null);
    expect(await ended).toBe(reported);
  });
});

describe('a step of the start', () => {
  const MEMORY =
    'the machine has too little memory: the build takes up to 900 MB. End other programs, add swap, or build on another machine (docs/running.md)';
  const kill = "process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1e6)";
  // As Next ends when one of its workers was killed.
  const worker =
    "console.error('Next.js build worker exited with code: null and signal: SIGKILL'); process.exit(1)";
  const heap = 'const all = []; for (;;) all.push(new Array(10_000).fill(all.length + 0.5))';

  it.each([
    ['that the system has killed', ['-e', kill], MEMORY],
    ['whose worker was killed', ['-e', worker], MEMORY],
    ['whose program was killed', ['-e', 'process.exit(137)'], MEMORY],
    ['whose heap is full', ['--max-old-space-size=16', '-e', heap], MEMORY],
    ['that has failed', ['-e', "console.error('a fault'); process.exit(3)"], 'see above'],
  ])('%s', async (_, args, reason) => {
    const fault = await runNode('The build', args).catch((error: Error) => error);
    expect(fault?.name).toBe('StartError');
    expect(fault?.message).toMatch(/\n\nThe build failed \([^)]+\): /);
    expect(fault?.message.split('): ').at(-1)).toBe(reason);
  });
});
