import { actions, queries } from '@lockstep/core';
import { makeWorld, type TestPerson, type World } from '@lockstep/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** Names and titles are found however they are written, wherever they are looked for. */
let world: World;
let ann: TestPerson;

beforeAll(async () => {
  world = await makeWorld();
  ann = await world.person('Ann Lee', { role: 'admin' });
});
afterAll(() => world.close());

const people = async (query: string) =>
  (await queries.searchPeople(ann.actor, world.core, { query, limit: 20, active: false })).map(
    ({ name }) => name,
  );

describe('people', () => {
  const NAMES = [
    'Béla Kovács',
    'Jana Nováková'.normalize('NFD'),
    'Jürgen Müller',
    'Pat O’Brien',
    'Łukasz Żak',
    'IŞIL Çağrı',
    'Đặng Văn Lâm',
    'Ａｎｄｒé ＷＩＤＥ',
    '王小明',
    'プロジェクト 太郎'.normalize('NFD'),
    'محـــمد علي',
    'Ölaf 🇨🇭',
    'Marie–Anne ２',
  ];
  beforeAll(async () => {
    for (const name of NAMES) await world.person(name);
  });

  test.each([
    ['bela', 'Béla Kovács'],
    ['Béla'.normalize('NFD'), 'Béla Kovács'],
    ['BÉLA', 'Béla Kovács'],
    ['bela   kov', 'Béla Kovács'],
    ['kovacs', 'Béla Kovács'],
    ['novakova', 'Jana Nováková'.normalize('NFD')],
    ['Nováková', 'Jana Nováková'.normalize('NFD')],
    ['muller', 'Jürgen Müller'],
    ["o'brien", 'Pat O’Brien'],
    ['o’brien', 'Pat O’Brien'],
    ['lukasz', 'Łukasz Żak'],
    ['ışıl', 'IŞIL Çağrı'],
    ['isil', 'IŞIL Çağrı'],
    ['dang van', 'Đặng Văn Lâm'],
    ['andre wide', 'Ａｎｄｒé ＷＩＤＥ'],
    ['小明', '王小明'],
    ['ﾌﾟﾛｼﾞｪｸﾄ', 'プロジェクト 太郎'.normalize('NFD')],
    ['محمد', 'محـــمد علي'],
    ['olaf', 'Ölaf 🇨🇭'],
    ['🇨🇭', 'Ölaf 🇨🇭'],
    ['marie-anne 2', 'Marie–Anne ２'],
    ['ann\u200b   \u00a0lee', 'Ann Lee'],
  ])('%s', async (query, name) => {
    expect(await people(query)).toEqual([name]);
    const listed = await queries.listPeople(ann.actor, world.core, { query, filter: 'active', limit: 20 });
    expect(listed.people.map((person) => person.name)).toEqual([name]);
  });

  test('whose whole name it is come first, names from an import last', async () => {
    for (const name of ['Joanna', 'Annabel', 'Mary Ann']) await world.person(name);
    await world.person('ann', { placeholder: true });
    expect(await people('ann')).toEqual(['Ann Lee', 'Annabel', 'Marie–Anne ２', 'Mary Ann', 'Joanna', 'ann']);
    expect(await people('%')).toEqual([]);
    expect(await people('_')).toEqual([]);
  });
});

describe('channels', () => {
  test.each([
    ['Zürich', 'zurich'],
    ['Straßenfest', 'strassenfest'],
    ['Café Łódź', 'cafe lodz'],
    ['プロジェクト'.normalize('NFD'), 'プロジェクト'],
    ['Ｗｉｄｅ', 'wide'],
  ])('%s: %s', async (title, query) => {
    const options = { title, topic: `Über ${title}`, visibility: 'public' as const, userIds: [] };
    await actions.createChannel(ann.actor, world.core, options);
    const found = async (text: string) =>
      (await queries.browseChannels(ann.actor, world.core, { query: text, offset: 0, limit: 20 })).map(
        (channel) => channel.title,
      );
    expect(await found(query)).toEqual([title]);
    expect(await found(`uber ${query}`)).toEqual([title]);
  });
});

test('among 20,000 people the index is used', async () => {
  const { pool } = world.core.db;
  await pool.query(
    `insert into "user" (name, email) select 'Person ' || md5(n::text), n || '@many.invalid' from generate_series(1, 20000) n`,
  );
  await pool.query('analyze "user"');
  expect(await people('bela')).toEqual(['Béla Kovács']);
  const { rows } = await pool.query<{ 'QUERY PLAN': string }>(
    `explain select * from "user" u where u.folded like '%' || 'bela' || '%'`,
  );
  expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('user_folded_idx');
});
