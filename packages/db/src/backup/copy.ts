import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from, to } from 'pg-copy-streams';
import type { Table } from './tables.ts';

type Copied = Pick<Table, 'name' | 'columns'>;

const target = ({ name, columns }: Copied): string =>
  `${pg.escapeIdentifier(name)} (${columns.map((column) => pg.escapeIdentifier(column)).join(', ')})`;

/** The rows of a table as text, one a line, as COPY writes them. */
export const copyOut = (client: pg.Client, table: Copied): Readable =>
  client.query(to(`copy ${target(table)} to stdout`));

/** Fills a table. Resolves with the number of rows. */
export const copyIn = async (
  client: pg.Client,
  table: Copied,
  rows: Readable,
  onRows: (count: number) => void,
  signal?: AbortSignal,
): Promise<number> => {
  const counter = countRows(onRows);
  await pipeline(rows, counter, client.query(from(`copy ${target(table)} from stdin`)), { signal });
  return counter.rows;
};

const LINE_FEED = 0x0a;

/** Passes on what COPY has written, and counts: each row is a line, a line feed in a text is written as `\n`. */
export const countRows = (onRows: (count: number) => void): Transform & { readonly rows: number } => {
  let rows = 0;
  const counter = new Transform({
    transform: (chunk: Buffer, _, done) => {
      let found = 0;
      for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, at + 1)) found++;
      rows += found;
      onRows(found);
      done(null, chunk);
    },
  });
  return Object.defineProperty(counter, 'rows', { get: () => rows }) as Transform & { readonly rows: number };
};
