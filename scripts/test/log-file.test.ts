import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collect } from '../lib/collect.ts';
import { openLogFile } from '../lib/log-file.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-log-'));
  file = join(folder, 'web.log');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const read = (name = 'web.log') => readFileSync(join(folder, name), 'utf8');

describe('a log file', () => {
  it('keeps what is there when it is opened, however long it is', () => {
    writeFileSync(file, 'x'.repeat(1_000));
    const log = openLogFile(file, { maxBytes: 100 });
    expect(read()).toHaveLength(1_000);
    log.write('after\n');
    expect([read('web.log.1').length, read()]).toEqual([1_000, 'after\n']);
    log.close();
  });

  it('is rotated by size while it is written: nothing is lost, the oldest of six goes', () => {
    const log = openLogFile(file, { maxBytes: 10 });
    for (let n = 1; n <= 8; n++) log.write(`line ${n}\n`);
    log.close();
    expect(readdirSync(folder).sort()).toEqual(['web.log', ...[1, 2, 3, 4, 5].map((n) => `web.log.${n}`)]);
    expect(['web.log', 'web.log.1', 'web.log.5'].map(read)).toEqual(['line 8\n', 'line 7\n', 'line 3\n']);
  });

  it('is rotated by age', () => {
    const log = openLogFile(file, { maxAgeMs: -1 });
    log.write('old\n');
    log.write('new\n');
    log.close();
    expect([read('web.log.1'), read()]).toEqual(['old\n', 'new\n']);
  });

  it('continues in a new file after a rename and a signal, readable by its owner only', () => {
    const log = openLogFile(file);
    log.write('one\n');
    renameSync(file, join(folder, 'moved'));
    log.write('two\n');
    log.reopen();
    log.write('three\n');
    log.close();
    expect([read('moved'), read()]).toEqual(['one\ntwo\n', 'three\n']);
    expect(statSync(file).mode & 0o077).toBe(0);
  });

  it.skipIf(!existsSync('/dev/full'))(
    'says that it cannot write, once, and counts what is missing; nothing is thrown',
    () => {
      const said: (string | null)[] = [];
      const log = openLogFile('/dev/full', { onTrouble: (code) => said.push(code) });
      log.write('one\ntwo\n');
      log.write('three\n');
      expect(said).toEqual(['ENOSPC']);
      log.close();
    },
  );

  it('makes up for it when it can write again', () => {
    const said: (string | null)[] = [];
    const closed = join(folder, 'closed');
    writeFileSync(closed, 'a file where the folder should be');
    const log = openLogFile(join(closed, 'web.log'), { onTrouble: (code) => said.push(code) });
    log.write('lost\nlost too\n');
    rmSync(closed);
    log.write('{"msg":"back"}\n');
    log.close();
    expect(said).toEqual(['EEXIST', null]);
    const [first, second] = readFileSync(join(closed, 'web.log'), 'utf8').split('\n');
    expect(JSON.parse(first ?? '')).toMatchObject({
      level: 40,
      msg: expect.stringMatching(/^2 lines .* EEXIST$/),
    });
    expect(second).toBe('{"msg":"back"}');
  });
});

describe('what a process prints', () => {
  const lines = async (...chunks: (string | Buffer)[]) => {
    const stream = new PassThrough();
    let out = '';
    collect(stream, { part: 'web', level: 50, pid: 7 }, (text) => {
      out += text;
    });
    for (const chunk of chunks) stream.write(chunk);
    stream.end();
    await once(stream, 'end');
    return out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
  };

  it('is JSON from the first line on: a stack trace is one line', async () => {
    const [stack, line, ...more] = await lines('Error: no\n    at x.ts:1\n{"level":30,"msg":"ok"}\n\n');
    expect(stack).toEqual({
      level: 50,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      part: 'web',
      pid: 7,
      msg: 'Error: no\n    at x.ts:1',
    });
    expect([line, more]).toEqual([{ level: 30, msg: 'ok' }, []]);
  });

  it('is put together from pieces, also where a character is cut', async () => {
    const bytes = Buffer.from('{"msg":"é"}\n{"msg":"last"}');
    const at = bytes.indexOf(0xa9);
    expect(await lines(bytes.subarray(0, at), bytes.subarray(at))).toEqual([{ msg: 'é' }, { msg: 'last' }]);
  });

  it('is cut where a line has no end', async () => {
    const found = await lines('x'.repeat(1_500_000), 'x'.repeat(600_000));
    expect(found.map(({ msg }) => msg.length)).toEqual([
      2_100_000 - found[1].msg.length,
      found[1].msg.length,
    ]);
  });
});
