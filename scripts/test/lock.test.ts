import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockData } from '../lib/lock.ts';

/** A process that holds the lock of `home` until it is killed; its command line looks like that of `npm start`. */
const HOLDER = `import(process.argv[1]).then(({ lockData }) => {
  lockData(process.argv[2], 'http://localhost:3000');
  console.log('held');
  setInterval(() => {}, 1e6);
})`;

describe('the lock of a data directory', () => {
  let base: string;
  let home: string;
  let holder: ChildProcess;
  beforeEach(async () => {
    base = mkdtempSync(join(tmpdir(), 'lockstep-lock-'));
    home = join(base, 'home');
    const module = new URL('../lib/lock.ts', import.meta.url).href;
    const args = ['--import', 'tsx', '-e', HOLDER, module, home, 'scripts/start.mjs'];
    holder = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(holder.stdout as NodeJS.ReadableStream, 'data');
  });
  afterEach(() => {
    holder.kill('SIGKILL');
    rmSync(base, { recursive: true, force: true });
  });
  const take = (folder: string) => lockData(folder, 'http://localhost:4000');
  const isTaken = (folder: string) => {
    take(folder).release();
    return !existsSync(join(folder, 'start.lock'));
  };

  it('is held while its process lives, and taken over when that was killed', async () => {
    expect(() => take(home)).toThrow(/is in use: Lockstep runs at http:\/\/localhost:3000 \(process \d+\)/);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    expect(isTaken(home)).toBe(true);
  });

  it('goes with a directory that is renamed, and not with a copy', () => {
    const other = join(base, 'other');
    renameSync(home, other);
    expect(() => take(other)).toThrow('is in use');
    const copy = join(base, 'copy');
    cpSync(other, copy, { recursive: true });
    expect(isTaken(copy)).toBe(true);
  });

  it('does not hold for another process that has got the number', () => {
    const file = join(home, 'start.lock');
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), began: '1' }));
    expect(isTaken(home)).toBe(process.platform === 'linux');
  });

  it.each(['', '{', 'null', '{"pid":"x"}'])('does not hold when it says %j', (text) => {
    writeFileSync(join(home, 'start.lock'), text);
    expect(isTaken(home)).toBe(true);
  });
});
