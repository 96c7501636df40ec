import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Health, PartHealth } from '@lockstep/protocol';
import { expect, group, type Person, send, signUpPerson } from '@lockstep/testing/kit';
import { test } from '@playwright/test';
import pg from 'pg';
import { startStandIn } from '../../packages/search/test/meili-stand-in.ts';
import { type Stack, startStack } from '../stack.ts';

// Must-show 5 of the search: the real web process and the real worker, while people write without a pause.

/** Longest until it has healed by itself, in ms. */
const HEALED = { timeout: 60_000 };

const run = promisify(execFile);
const word = (n: number) => `okapi${[...String(n)].map((digit) => 'abcdefghij'[Number(digit)]).join('')}`;

/** Three people at a time, until it is stopped. */
const writing = (person: Person, conversation: { id: string }) => {
  const sent: string[] = [];
  let [next, on] = [0, true];
  const one = async () => {
    while (on) {
      const text = word(next++);
      await send(person, conversation as never, text);
      sent.push(text);
    }
  };
  const running = Promise.all([one(), one(), one()]);
  // Told at `stop`; a test that fails first has said enough.
  running.catch(() => {});
  return {
    sent,
    more: (count: number) => {
      const from = sent.length;
      return expect.poll(() => sent.length, HEALED).toBeGreaterThan(from + count);
    },
    stop: async () => {
      on = false;
      await running;
    },
  };
};

interface Trouble {
  name: string;
  begin: () => Promise<unknown> | unknown;
  end: () => Promise<unknown> | unknown;
  /** What the health says meanwhile. */
  says: { ok?: boolean; detail: RegExp };
  /** Whether searches do without the index meanwhile. Left out where it heals before one can look. */
  away?: boolean;
}

const rideOut = async (stack: Stack, store: pg.Client, troubles: Trouble[]) => {
  const [ann, ben] = [await signUpPerson(stack.url, 'Ann'), await signUpPerson(stack.url, 'Ben')];
  const trip = await group('Harbour trip', ann, ben);
  const health = async () =>
    ((await (await fetch(`${stack.url}/healthz`)).json()) as Health).parts.search as PartHealth;
  const search = (text: string, limit = 5) => ben.api.query('search.messages', { text, limit });
  const finds = async (text: string) => {
    const { hits, reach } = await search(text);
    expect(hits.map(({ message }) => message.body)).toEqual([text]);
    return reach;
  };
  const load = writing(ann, trip);
  try {
    await load.more(50);
    for (const { name, begin, end, says, away } of troubles)
      await test.step(name, async () => {
        await begin();
        // What is sent while it lasts comes back while it lasts: a send does not wait for the index.
        await load.more(10);
        await expect
          .poll(health, { ...HEALED, message: `health while ${name}` })
          .toMatchObject({ ...says, detail: expect.stringMatching(says.detail) });
        // What was written first, and what was written just now.
        const reaches = [await finds(word(0)), await finds(load.sent.at(-1) as string)];
        if (away !== undefined) expect(reaches.map((reach) => reach.away)).toEqual([away, away]);
        for (const reach of reaches) expect(reach.complete).toBe(true);
        await end();
        await expect.poll(async () => (await finds(word(0))).away, HEALED).toBe(false);
        await expect.poll(async () => (await health()).ok, HEALED).toBe(true);
      });
    await load.stop();
    await expect
      .poll(health, HEALED)
      .toMatchObject({ ok: true, detail: expect.stringContaining('all indexed') });
    const { hits, reach } = await search(load.sent.at(-1) as string);
    expect([hits.length, reach]).toMatchObject([1, { away: false, behind: 0, complete: true }]);
    const { stdout } = await run(process.execPath, ['--import', 'tsx', 'scripts/search.ts', 'verify'], {
      env: stack.env,
    });
    const { rows } = await store.query(
      `select count(*)::int as stored, count(distinct body)::int as texts from message where body is not null`,
    );
    expect(rows[0]).toEqual({ stored: load.sent.length, texts: load.sent.length });
    expect(stdout).toMatch(/^0 differences in/m);
    expect((await health()).detail).toContain('0 differences at');
  } finally {
    await load.stop().catch(() => {});
  }
};

const killed = (stack: Stack): Trouble => ({
  name: 'the worker is killed',
  begin: () => stack.worker.kill(),
  end: () => stack.worker.start(),
  says: { detail: /\d+ changes behind/ },
  away: false,
});

test.describe.configure({ timeout: 300_000 });

test('rule 9, Postgres: killed, wiped, locked and full under load', async () => {
  const stack = await startStack({
    RATE_LIMITS: 'off',
    SWEEP_SECONDS: '1',
    SEARCH: 'postgres',
    LOG_LEVEL: 'fatal',
  });
  const root = new pg.Client({ connectionString: stack.databaseUrl });
  await root.connect();
  try {
    await rideOut(stack, root, [
      killed(stack),
      {
        name: 'no room on the disk of the index',
        begin: () =>
          root.query(`create function no_room() returns trigger language plpgsql as $$
            begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$;
            create trigger no_room before insert or update on search_message execute function no_room()`),
        end: () => root.query('drop function no_room cascade'),
        says: { ok: false, detail: /\(53100\).*No space left on device/ },
        away: false,
      },
      {
        name: 'its table is locked',
        begin: () => root.query('begin; lock table search_message in access exclusive mode'),
        end: () => root.query('commit'),
        says: { ok: false, detail: /no answer/ },
        away: true,
      },
      {
        name: 'wiped',
        // The worker begins it again with the next message, so it is kept from that until we have looked.
        begin: async () => {
          await stack.worker.kill();
          await root.query('truncate search_message, search_word');
        },
        end: () => stack.worker.start(),
        says: { ok: false, detail: /wiped/ },
        away: true,
      },
      {
        name: 'wiped below a worker',
        begin: () => root.query('truncate search_message, search_word'),
        end: () => {},
        says: { detail: /./ },
      },
    ]);
  } finally {
    await root.end();
    await stack.stop();
  }
});

test('rule 9, Meilisearch (a stand-in): killed, slow, full, refusing, paused and wiped under load', async () => {
  const standIn = await startStandIn();
  const stack = await startStack({
    RATE_LIMITS: 'off',
    SWEEP_SECONDS: '1',
    SEARCH: 'meilisearch',
    MEILI_URL: standIn.url,
    LOG_LEVEL: 'fatal',
  });
  const root = new pg.Client({ connectionString: stack.databaseUrl });
  await root.connect();
  const turn = (what: 'down' | 'slow' | 'full' | 'refusing' | 'paused', on: boolean) => () => {
    standIn.state[what] = on;
    if (what === 'slow' && !on) standIn.hurry();
  };
  const trouble = (
    what: Parameters<typeof turn>[0],
    detail: RegExp,
    { ok = false, away = false }: { ok?: boolean; away?: boolean } = {},
  ): Trouble => ({
    name: what,
    begin: turn(what, true),
    end: turn(what, false),
    says: { ok, detail },
    away,
  });
  try {
    await rideOut(stack, root, [
      killed(stack),
      trouble('down', /Meilisearch is not reached/, { away: true }),
      // /healthz waits for no part longer than a second.
      trouble('slow', /does not answer within|no answer for \d+ s/, { away: true }),
      trouble('full', /no space left on device/),
      trouble('refusing', /507: no space left on device/),
      trouble('paused', /\d+ changes behind/, { ok: true }),
      { name: 'wiped', begin: () => standIn.wipe(), end: () => {}, says: { detail: /./ } },
    ]);
  } finally {
    standIn.hurry();
    await root.end();
    await stack.stop();
    await standIn.close();
  }
});
