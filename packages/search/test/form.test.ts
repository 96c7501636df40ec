import { describe, expect, it } from 'vitest';
import { FORM, LOCK } from '../src/form.ts';
import { postgresIndex, Searcher } from '../src/index.ts';
import { makeSearchWorld } from './world.ts';

/** An index as an earlier version has made it: `ığdır` was another word than `igdir`, and a soft hyphen split words. */
const oldWorld = async () => {
  const world = await makeSearchWorld(postgresIndex);
  const ann = await world.person('Ann');
  const id = await world.group(ann, 'Old');
  await world.group(ann, 'Another');
  for (const body of ['from IĞDIR', 'super\u00admarket', 'plain words']) await world.send(ann, id, body);
  await world.settle();
  const write = (seq: number, tokens: string) =>
    world.db.pool.query(
      'update search_message set tokens = $3::tsvector where conversation_id = $1 and seq = $2',
      [id, seq, tokens],
    );
  await write(2, `'from':1 'ıgdır':2`);
  await write(3, `'super':1 'market':2`);
  await world.db.pool.query(
    `delete from search_word; update search_state set form = null where engine = 'postgres'`,
  );
  // A process that starts with this version.
  const index = postgresIndex(world.db);
  const searcher = new Searcher(world.db, index, { away: 60_000, behind: 60_000 });
  const texts = async (text: string) => {
    const ask = {
      text,
      typing: false,
      timeZone: 'UTC',
      now: Date.now(),
      cursor: null,
      limit: 50,
      facets: true,
    };
    const page = await searcher.page({ userId: ann.id, everything: false }, ask);
    return { found: page.hits.map(({ message }) => message.body), complete: page.reach.complete };
  };
  return { ...world, index, texts };
};

const form = async ({ db }: Awaited<ReturnType<typeof oldWorld>>) => {
  const { rows } = await db.pool.query(`select form from search_state where engine = 'postgres'`);
  return rows[0]?.form;
};

describe('an index of an earlier version', () => {
  it('is searched beside the store until it is brought up to this one, and by itself from then on', async () => {
    const world = await oldWorld();
    try {
      const { index, texts } = world;
      await index.prepare();
      expect(await index.isCurrent(world.db.pool)).toBe(false);
      expect((await index.verify({})).differences).toBe(2);
      for (const state of ['before', 'after']) {
        expect(await texts('ığdır'), state).toEqual({ found: ['from IĞDIR'], complete: true });
        expect(await texts('supermarket'), state).toEqual({ found: ['super\u00admarket'], complete: true });
        expect((await texts('plain')).found, state).toEqual(['plain words']);
        if (state === 'after') break;
        await index.upgrade({});
        expect(await form(world)).toBe(FORM);
        expect(await index.isCurrent(world.db.pool)).toBe(true);
      }
      expect((await index.verify({})).differences).toBe(0);
      // Typos are forgiven with the words of this version, too.
      expect((await texts('supermarkte')).found).toEqual(['super\u00admarket']);
    } finally {
      await world.close();
    }
  });

  it('is skipped while another worker rebuilds it, and resumed where a worker was stopped', async () => {
    const world = await oldWorld();
    const other = await world.db.pool.connect();
    try {
      await other.query('select pg_advisory_lock($1)', [LOCK]);
      await world.index.upgrade({});
      expect(await form(world)).toBe(null);
      await other.query('select pg_advisory_unlock($1)', [LOCK]);
      const stop = new AbortController();
      const stopped = world.index.upgrade({ signal: stop.signal, onProgress: () => stop.abort() });
      await expect(stopped).rejects.toThrow();
      expect(await form(world)).toBe(null);
      await world.index.upgrade({});
      expect(await form(world)).toBe(FORM);
      expect((await world.index.verify({})).differences).toBe(0);
    } finally {
      other.release();
      await world.close();
    }
  });

  it('has the form from the start where nothing is in it', async () => {
    const world = await makeSearchWorld(postgresIndex);
    try {
      expect(await world.index.isCurrent(world.db.pool)).toBe(true);
      const ann = await world.person('Ann');
      await world.send(ann, await world.group(ann, 'New'), 'hello');
      expect((await world.ask(ann, 'hello')).reach.complete).toBe(true);
    } finally {
      await world.close();
    }
  });
});
