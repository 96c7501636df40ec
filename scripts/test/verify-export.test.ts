import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const NAME = 'messages.ndjson';
/** Of the audit log when the export was made. */
const HEAD = { n: 41, hash: 'c'.repeat(64) };
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lockstep-verify-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** An export as the server writes one: the manifest, the messages and the hashes of their lines. Returns the manifest. */
const write = (name: string, lines: string[], reason: string, format = 'lockstep-export-1'): string => {
  const path = join(folder, 'exports', name);
  mkdirSync(path, { recursive: true });
  const text = lines.map((line) => `${line}\n`).join('');
  const hashes = lines.map(sha256);
  const list = hashes.map((hash) => `${hash}\n`).join('');
  const manifest = JSON.stringify({
    format,
    audit: HEAD,
    exportId: 'e1',
    createdAt: '2026-01-02T03:04:05.000Z',
    createdBy: { id: 'a', name: 'Ann' },
    reason,
    messages: lines.length,
    files: [
      {
        name: NAME,
        sha256: sha256(text),
        lines: lines.length,
        chain: hashes.reduce((before, hash) => sha256(`${before}${hash}`), '0'.repeat(64)),
        linesSha256: sha256(list),
      },
    ],
  });
  writeFileSync(join(path, NAME), text);
  writeFileSync(join(path, `${NAME}.lines`), list);
  writeFileSync(join(path, 'manifest.json'), manifest);
  return manifest;
};

/** As npm runs it: in the repository, whatever folder it was typed in. */
const verify = (path: string): Promise<{ code: number; out: string; err: string }> =>
  new Promise((done) =>
    execFile(
      process.execPath,
      ['--import', 'tsx', 'scripts/verify-export.ts', path],
      { cwd: root, env: { ...process.env, INIT_CWD: folder } },
      (error, out, err) => done({ code: error ? Number(error.code) : 0, out, err }),
    ),
  );

it('npm run verify-export names what was changed, and claims nothing of the audit log: a forged manifest is as whole as it', async () => {
  const manifest = write('whole', ['one', 'two'], 'a complaint');
  const forged = write('forged', ['ONE', 'two', 'three'], 'another');
  const changed = write('changed', ['one', 'two'], 'a complaint');
  writeFileSync(join(folder, 'exports', 'changed', NAME), 'one\nTWO\n');
  const [missing, ...reports] = await Promise.all(
    ['missing', 'whole', 'forged', 'changed'].map((name) => verify(`exports/${name}`)),
  );

  const says = (messages: number, reason: string, verdict: string[], text: string) => [
    `Export e1: ${messages} messages, 2026-01-02T03:04:05.000Z`,
    `Asked for by "Ann": "${reason}"`,
    ...verdict,
    `manifest.json has SHA-256 ${sha256(text)}: compare it with that in the audit log.`,
    `The audit log ended with ${HEAD.n}:${HEAD.hash} then: Verify, on its page, says whether that is still in it.`,
    '',
  ];
  const whole = ['Every file is as the manifest says.'];
  const faults = [`  ${NAME}: line 2 was changed`, 'Not as the manifest says.'];
  expect(reports.map(({ code, out, err }) => [code, err, out.split('\n')])).toEqual([
    [0, '', says(2, 'a complaint', whole, manifest)],
    [0, '', says(3, 'another', whole, forged)],
    [1, '', says(2, 'a complaint', faults, changed)],
  ]);
  expect(missing).toMatchObject({ code: 1, out: '' });
  expect(missing?.err.trim().split('\n')).toEqual([
    expect.stringContaining(`${join(folder, 'exports', 'missing')} cannot be checked: `),
  ]);
});

it.each([
  ['lockstep-export-2', 'is from a newer Lockstep (lockstep-export-2): update Lockstep'],
  ['another-export-1', 'is not that of an export'],
])('npm run verify-export refuses files of another format, with one line: %s', async (format, line) => {
  write(format, ['one'], 'a complaint', format);
  const path = join(folder, 'exports', format);
  expect(await verify(`exports/${format}`)).toEqual({
    code: 1,
    out: '',
    err: `${path} cannot be checked: manifest.json ${line}\n`,
  });
});
