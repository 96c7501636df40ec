import type { Db } from '@lockstep/db';
import { type Difference, readLag, readState, type SearchIndex } from '@lockstep/search';
import type { Progress } from '../import/progress.ts';

export interface Parts {
  db: Db;
  index: SearchIndex;
  createProgress: (messages: number, unit?: string) => Progress;
  signal: AbortSignal;
  print: (line: string) => void;
}

const number = new Intl.NumberFormat('en');
/** Lines of one kind that are printed at most; the rest is counted. */
const LINES = 50;

/** What is indexed of what there is, and which conversations are behind, the furthest first. */
export const printStatus = async ({ db, index, print }: Parts): Promise<void> => {
  const [lag, state, size, health] = await Promise.all([
    readLag(db, index.consumer),
    readState(db, index.name),
    index.size(),
    index.health(),
  ]);
  const { rows } = await db.pool.query<Behind>(
    `select coalesce(c.title, c.kind::text) as name, c.id, c.head_rev, coalesce(k.rev, 0) as rev from conversation c
     left join checkpoint k on k.conversation_id = c.id and k.consumer = $1
     where c.head_rev > coalesce(k.rev, 0) order by c.head_rev - coalesce(k.rev, 0) desc limit $2`,
    [index.consumer, LINES],
  );
  print(`Engine ${index.name}: ${health.ok ? 'well' : 'UNWELL'} (${health.detail})`);
  if (size !== null) print(`  ${number.format(Math.round(size / 2 ** 20))} MB`);
  print(state?.builtAt ? `  rebuilt ${state.builtAt.toISOString()}` : '  never rebuilt');
  if (lag.changes === 0) return print('  every conversation is indexed up to its head');
  print(
    `  ${number.format(lag.changes)} changes of ${number.format(lag.conversations)} conversations wait, ` +
      `the oldest for ${(lag.waitingMs / 1_000).toFixed(1)} s`,
  );
  for (const { name, id, head_rev, rev } of rows)
    print(`  ${share(rev, head_rev)}  ${number.format(head_rev - rev)} behind  ${name}  ${id}`);
  if (lag.conversations > rows.length) print(`  and ${number.format(lag.conversations - rows.length)} more`);
};

interface Behind {
  name: string;
  id: string;
  head_rev: number;
  rev: number;
}

const share = (rev: number, head: number) => `${((100 * rev) / head).toFixed(1).padStart(5)}%`;

/** True when there is no difference, or all of them were mended. */
export const verify = async ({
  db,
  index,
  createProgress,
  signal,
  print,
  repair,
}: Parts & { repair: boolean }): Promise<boolean> => {
  const progress = createProgress(await countMessages(db), 'messages');
  const found: Difference[] = [];
  const started = performance.now();
  const result = await index
    .verify({
      repair,
      signal,
      onProgress: (messages) => progress.advance(messages),
      onDifference: (difference) => found.push(difference),
    })
    .finally(() => progress.stop());
  for (const { conversationId, seq, kind } of found.slice(0, LINES))
    print(`${kind}  ${conversationId}  ${seq}`);
  if (found.length > LINES) print(`and ${number.format(found.length - LINES)} more`);
  print(
    `${number.format(result.differences)} differences in ${number.format(result.messages)} messages of ` +
      `${number.format(result.conversations)} conversations, ${rate(result.messages, started)}` +
      (repair && result.differences > 0 ? '; all were mended' : ''),
  );
  return repair || result.differences === 0;
};

export const rebuild = async ({ db, index, createProgress, signal, print }: Parts): Promise<void> => {
  const progress = createProgress(await countMessages(db), 'messages');
  const started = performance.now();
  let messages = 0;
  await index
    .rebuild({
      signal,
      onProgress: (count) => {
        messages += count;
        progress.advance(count);
      },
    })
    .finally(() => progress.stop());
  print(`${number.format(messages)} messages indexed, ${rate(messages, started)}`);
};

const countMessages = async (db: Db): Promise<number> => {
  const { rows } = await db.pool.query<{ n: number }>(
    'select coalesce(sum(head_seq), 0)::int8 as n from conversation',
  );
  return rows[0]?.n ?? 0;
};

const rate = (messages: number, started: number) => {
  const seconds = Math.max(0.001, (performance.now() - started) / 1_000);
  return `${seconds.toFixed(1)} s, ${number.format(Math.round(messages / seconds))}/s`;
};
