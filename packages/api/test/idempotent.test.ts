import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { procedures } from '@lockstep/protocol/contract';
import { makeWorld, type World } from '@lockstep/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CASES } from './cases.ts';
import { makeFixture, makePeople, type People } from './fixture.ts';
import { type ApiServer, startApi } from './server.ts';

const idempotent = [...procedures].filter(
  ([, { kind, isIdempotent }]) => kind === 'mutation' && isIdempotent,
);

/** When something was last used, which is no change of what it is. */
const USES = ['used_at', 'updated_at', 'last_seen_at', 'last_active_at'];

/** Rule 13. */
describe('what the contract calls idempotent', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'lockstep-idempotent-'));
  let world: World;
  let api: ApiServer;
  let people: People;
  beforeAll(async () => {
    world = await makeWorld({ DATA_DIR: dataDir });
    api = await startApi(world.core);
    people = await makePeople(world);
  });
  afterAll(async () => {
    await api.close();
    await world.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  /** Every row of every table. */
  const stored = async () => {
    const { pool } = world.core.db;
    const { rows } = await pool.query<{ name: string }>(
      `select quote_ident(table_name) as name from information_schema.tables
       where table_schema = 'public' and table_type = 'BASE TABLE' order by 1`,
    );
    const all: Record<string, unknown> = {};
    for (const { name } of rows)
      all[name] = (
        await pool.query(`select to_jsonb(t) - $1::text[] as row from ${name} t order by t::text`, [USES])
      ).rows.map(({ row }) => row);
    return all;
  };

  test('there is something to repeat', () => {
    expect(idempotent.length).toBeGreaterThan(20);
  });

  test.each(idempotent)('%s: a second time changes nothing more', async (name, { access }) => {
    const fixture = await makeFixture(world, people);
    const { who } = CASES[name];
    const { admin, owner, member, stranger } = people;
    const person =
      access === 'admin' ? admin : who === 'member' ? member : who === 'signedIn' ? stranger : owner;
    const { cookie } = access === 'anyone' ? await world.device(person) : person;
    const input = CASES[name].input(fixture);
    expect((await api.call(name, input, { cookie })).status).toBe(200);
    const once = await stored();
    await api.call(name, input, { cookie });
    expect(await stored()).toEqual(once);
  });
});
