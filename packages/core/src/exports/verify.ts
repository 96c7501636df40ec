import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chainOf, FORMAT, hashLine, LINES, MANIFEST, type Manifest } from './manifest.ts';

export interface LineFault {
  file: string;
  kind: 'changed' | 'removed' | 'added';
  /** From 1: in the current file; for a removed line, in the original file. */
  line: number;
}

export interface ExportReport {
  manifest: Manifest;
  /** To compare with the audit log. */
  manifestSha256: string;
  /** Whole files that are missing, or whose list of hashes is not that of the manifest. */
  problems: string[];
  faults: LineFault[];
}

const faultOf = ({ format }: { format: unknown }): string =>
  /^lockstep-export-\d+$/.test(String(format))
    ? `${MANIFEST} is from a newer Lockstep (${format}): update Lockstep`
    : `${MANIFEST} is not that of an export`;

/** Checks a folder with an export, without a database or a network. Throws when there is no manifest to read. */
export const verifyExport = async (folder: string): Promise<ExportReport> => {
  const text = readFileSync(join(folder, MANIFEST), 'utf8');
  const manifest = JSON.parse(text) as Manifest;
  if (manifest.format !== FORMAT) throw new Error(faultOf(manifest));
  const problems: string[] = [];
  const faults: LineFault[] = [];
  for (const { name, sha256, lines, chain, linesSha256 } of manifest.files) {
    const file = join(folder, name);
    if (!existsSync(file)) {
      problems.push(`${name} is missing`);
      continue;
    }
    const list = existsSync(file + LINES) ? readFileSync(file + LINES, 'utf8') : '';
    if ((await sha256OfFile(file)) === sha256) {
      if (hashLine(list) !== linesSha256) problems.push(`${name}${LINES} was changed`);
      continue;
    }
    const was = list.split('\n').filter(Boolean);
    if (hashLine(list) !== linesSha256 || was.length !== lines || chainOf(was) !== chain) {
      problems.push(
        `${name} was changed, and so was ${name}${LINES} (or it is missing): no line can be named`,
      );
      continue;
    }
    const found = differences(was, await hashesOf(file)).map((fault) => ({ file: name, ...fault }));
    if (found.length === 0) problems.push(`${name} was changed between its lines`);
    faults.push(...found);
  }
  return { manifest, manifestSha256: hashLine(text), problems, faults };
};

const sha256OfFile = async (file: string): Promise<string> => {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
};

/** Lines end with a line feed alone, as they were written: readline of newer Nodes ends them at U+2028 as well. */
const hashesOf = async (file: string): Promise<string[]> => {
  const LF = 10;
  const hashes: string[] = [];
  let rest: Buffer[] = [];
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, start)) {
      hashes.push(hashLine(Buffer.concat([...rest, chunk.subarray(start, end)]).toString('utf8')));
      rest = [];
      start = end + 1;
    }
    if (start < chunk.length) rest.push(chunk.subarray(start));
  }
  if (rest.length > 0) hashes.push(hashLine(Buffer.concat(rest).toString('utf8')));
  return hashes;
};

/** How far ahead to search for a line that has moved. */
const AHEAD = 1_000;

/** The difference between `was` and `is`. A line replaced by another one counts as changed. */
export const differences = (was: readonly string[], is: readonly string[]): Omit<LineFault, 'file'>[] => {
  const faults: Omit<LineFault, 'file'>[] = [];
  let a = 0;
  let b = 0;
  while (a < was.length || b < is.length) {
    if (a < was.length && was[a] === is[b]) {
      a++;
      b++;
      continue;
    }
    const [toA, toB] = nextCommon(was, is, a, b);
    // Pairs of lines on both sides count as changed; the rest was added or removed.
    while (a < toA && b < toB) {
      faults.push({ kind: 'changed', line: ++b });
      a++;
    }
    while (a < toA) faults.push({ kind: 'removed', line: ++a });
    while (b < toB) faults.push({ kind: 'added', line: ++b });
  }
  return faults;
};

/** The nearest positions, at or after these, where both have the same line. */
const nextCommon = (
  was: readonly string[],
  is: readonly string[],
  a: number,
  b: number,
): [number, number] => {
  for (let steps = 1; steps <= 2 * AHEAD; steps++) {
    for (let i = Math.max(0, steps - AHEAD); i <= Math.min(steps, AHEAD); i++) {
      const line = was[a + i];
      if (line !== undefined && line === is[b + steps - i]) return [a + i, b + steps - i];
    }
    if (a + steps > was.length && b + steps > is.length) break;
  }
  return [was.length, is.length];
};
