import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { postgresIndex, Searcher, searchHistory } from '@lockstep/search';
import { type BenchArgs, type BenchResult, numberArg, percentile, step, table } from './report.ts';
import { readCorpus } from './rig/corpus.ts';
import { fillSearchStore } from './rig/search-store.ts';
import { makeStore } from './rig/store.ts';

const QUERIES: Record<string, string[]> = {
  'common word': ['the', 'ubuntu', 'install'],
  'rare word': ['bootsplash', 'kubuntu', 'ndiswrapper'],
  'two words': ['sound card', 'wireless network'],
  phrase: ['"sound card"', '"sudo apt-get"'],
  prefix: ['wire*', 'boots*'],
  chinese: ['智能', '人工智能', '电脑'],
  code: ['2.6.8', '/etc/fstab'],
  filters: ['install from:@"Person 99"', 'in:#"channel 12" the', 'sound after:2026-09'],
  none: ['zebrafinch', '斑马雀'],
  everything: [''],
  best: ['sound card sort:best'],
};

/** What a page asks for at once, and an admin waits for. */
const PAGE = 20;

/**
 * Searching what was recalled or edited away: a million messages of real text, every tenth of them recalled, so that
 * nothing is found but what the store keeps of their earlier texts.
 */
export const run = async (args: BenchArgs): Promise<BenchResult> => {
  const messages = numberArg(args, 'messages', 1_000_000);
  const rounds = numberArg(args, 'rounds', 3);
  const { db, folder, close } = await makeStore(4, args.keep);
  try {
    const made = join(folder, 'history-bench.json');
    if (!existsSync(made)) {
      step(`${messages} messages`);
      await fillSearchStore(db, readCorpus(args.data), messages);
      await db.pool.query(
        `insert into message_version (conversation_id, seq, version, body, created_at, sent_at)
         select conversation_id, seq, 1, body, created_at, created_at from message where seq % 10 = 0`,
      );
      await db.pool.query(
        `update message set state = 'recalled', body = null, recalled_at = created_at + interval '1 hour' where seq % 10 = 0`,
      );
      await db.pool.query('vacuum analyze');
      writeFileSync(made, JSON.stringify({ messages }));
    } else step(`${JSON.parse(readFileSync(made, 'utf8')).messages} messages of an earlier run`);
    const { rows } = await db.pool.query<{ n: number; id: string }>(
      `select (select count(*)::int from message_version) as n, (select id from "user" limit 1) as id`,
    );
    const [{ n, id } = { n: 0, id: '' }] = rows;
    const searcher = new Searcher(db, postgresIndex(db));
    const ask = (text: string, cursor: string | null = null) =>
      searchHistory(searcher, db, {
        userId: id,
        text,
        state: 'recalled',
        from: null,
        to: null,
        timeZone: 'UTC',
        now: Date.now(),
        cursor,
        limit: PAGE,
        facets: cursor === null,
      });
    const all: number[] = [];
    const lines: Record<string, string | number>[] = [];
    for (const [kind, texts] of Object.entries(QUERIES)) {
      const took: number[] = [];
      let hits = 0;
      for (let round = 0; round < rounds; round++)
        for (const text of texts) {
          const began = performance.now();
          const found = await ask(text);
          took.push(performance.now() - began);
          hits = found.hits.length;
        }
      took.sort((a, b) => a - b);
      all.push(...took);
      lines.push({ kind, p50: percentile(took, 0.5), p95: percentile(took, 0.95), hits });
    }
    all.sort((a, b) => a - b);
    table(lines);
    return {
      bench: 'history',
      value: percentile(all, 0.95),
      unit: 'ms p95',
      baseline: null,
      ratio: null,
      ok: n > 0,
      detail: { messages, earlierTexts: n, p50: percentile(all, 0.5), max: all.at(-1) },
    };
  } finally {
    await close();
  }
};
