import type { Readable } from 'node:stream';
import { asLine } from './log-file.ts';

/** A line that goes on for longer than this is cut there. */
const LINE_CHARS = 1_000_000;

/**
 * Hands on what a process prints, in whole lines of JSON: lines that are such already as they are, all others (of
 * libraries, a stack trace) as one line of this level for what came together.
 */
export const collect = (
  stream: Readable,
  fields: { part: string; level: number; pid: number | undefined },
  write: (lines: string) => void,
): void => {
  let rest = '';
  const pass = (lines: string[]) => {
    let out = '';
    let plain: string[] = [];
    const flush = () => {
      if (plain.some((line) => line.trim() !== '')) out += asLine({ ...fields, msg: plain.join('\n') });
      plain = [];
    };
    for (const line of lines) {
      if (isJson(line)) {
        flush();
        out += `${line}\n`;
      } else plain.push(line);
    }
    flush();
    if (out) write(out);
  };
  stream.setEncoding('utf8');
  stream.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > LINE_CHARS) {
      lines.push(rest);
      rest = '';
    }
    if (lines.length > 0) pass(lines);
  });
  stream.once('end', () => rest && pass([rest]));
  stream.on('error', () => {});
};

const isJson = (line: string): boolean => line.startsWith('{"') && line.endsWith('}');
