import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { postgresIndex, searchHistory } from '../src/index.ts';
import { makeSearchWorld } from './world.ts';

/** Whom `from:` and `to:` mean, and where `in:` is, however names and titles are written. */
let world: Awaited<ReturnType<typeof makeSearchWorld>>;
let me: Awaited<ReturnType<typeof world.person>>;
let room: string;

beforeAll(async () => {
  world = await makeSearchWorld(postgresIndex);
  me = await world.person('Me Myself');
  const others = [];
  for (const name of [
    'Ann Keller',
    'Béla Kovács',
    'Jürgen Müller',
    'Pat O’Brien',
    'Marie-Anne Roux',
    '王小明',
    'Lee Ann Park',
    'Dee "Bee" Ray',
    '李 雷',
  ])
    others.push(await world.person(name));
  const ghost = await world.person('ann', { placeholder: true });
  room = await world.group(me, 'Café Zürich', ...others, ghost);
  for (const one of [...others, ghost]) await world.send(one, room, `said by ${one.name}`);
  await world.settle();
});
afterAll(() => world.close());

const by = async (text: string) =>
  (await world.texts(me, text)).map((body) => body?.replace('said by ', '')).sort();

describe('from:', () => {
  test.each([
    ['from:bela', ['Béla Kovács']],
    [`from:@${'Béla'.normalize('NFD')}`, ['Béla Kovács']],
    ['from:muller', ['Jürgen Müller']],
    ["from:@o'brien", ['Pat O’Brien']],
    ['from:"jurgen   muller"', ['Jürgen Müller']],
    ['from:小明', ['王小明']],
    // Members and names from an import, told apart by their mark: neither hides the other.
    ['from:ann', ['Ann Keller', 'Lee Ann Park', 'ann']],
    ['from:anne', ['Marie-Anne Roux']],
    ['from:kel', ['Ann Keller']],
    // Names of several words, as long as somebody is called so.
    ['from:@Ann Keller said', ['Ann Keller']],
    ['from:ann  KELLER said by', ['Ann Keller']],
    ['said from:bela kovacs', ['Béla Kovács']],
    ['from:lee ann said', ['Lee Ann Park']],
    ["from:pat o'brien said", ['Pat O’Brien']],
    ['from:dee "bee" ray said', ['Dee "Bee" Ray']],
    ['from:李 雷 said', ['李 雷']],
    ['from:ann keller from:jurgen muller said', ['Ann Keller', 'Jürgen Müller']],
    ['in:Café Zürich from:roux said', ['Marie-Anne Roux']],
    ['from:"ann" keller', ['Ann Keller']],
    ['from:ann said', ['Ann Keller', 'Lee Ann Park', 'ann']],
    ['in:cafe from:bela', ['Béla Kovács']],
    ['in:"CAFÉ zurich" from:bela', ['Béla Kovács']],
    ['in:zurich from:roux', ['Marie-Anne Roux']],
  ])('%s', async (text, names) => expect(await by(text)).toEqual([...names].sort()));

  it('reads names on in message history, too, and only where there are such', async () => {
    const { hits } = await searchHistory(world.searcher, world.db, {
      ...{ userId: me.id, text: 'from:@Ann Keller said', state: 'all', from: null, to: null },
      ...{ timeZone: 'UTC', now: Date.now(), cursor: null, limit: 20, facets: false },
    });
    expect(hits.map(({ message }) => message.body)).toEqual(['said by Ann Keller']);
    expect(await by('from:keller nonsense')).toEqual([]);
  });

  it('names no conversation that one is not in', async () => {
    const other = await world.person('Stranger');
    const id = await world.group(other, 'Secret Garden');
    await world.send(other, id, 'said by Stranger');
    const page = await world.ask(me, 'in:Secret Garden said');
    expect(page.hits).toEqual([]);
    expect(page.query.clauses[0]).toMatchObject({ where: { title: 'Secret' } });
  });

  it('means the member of exactly this name, with the names from an import that are the same', async () => {
    const exact = await world.person('Ann');
    const id = await world.group(exact, 'Exact', me);
    await world.send(exact, id, 'said by Ann');
    expect(await by('from:ann')).toEqual(['Ann', 'ann']);
  });
});

it('looks at all who are called so, or says that there are more', async () => {
  const insert = (from: number, to: number) =>
    world.db.pool.query(
      `with p as (insert into "user" (name, email) select 'Gunter ' || n, n || '@gu.invalid' from generate_series($1::int, $2::int) n returning id)
       insert into member (conversation_id, user_id, joined_seq, joined_rev) select $3, id, 0, 0 from p`,
      [from, to, room],
    );
  await insert(1, 900);
  await world.db.pool.query(
    `with c as (update conversation set head_seq = head_seq + 900, head_rev = head_rev + 900 where id = $1
       returning head_seq - 900 as seq, head_rev - 900 as rev),
     p as (select id, row_number() over (order by id)::int as n from "user" where folded like 'gunter%')
     insert into message (conversation_id, seq, rev, sender_id, client_id, body)
     select $1, c.seq + n, c.rev + n, p.id, gen_random_uuid(), 'guten tag' from c, p`,
    [room],
  );
  await world.settle();
  const all = await world.ask(me, 'guten from:gu', { facets: true });
  expect(all.facets?.total).toEqual({ count: 900, capped: false });
  expect(all.problems).toEqual([]);
  await insert(901, 2_001);
  const more = await world.ask(me, 'guten from:gu', { facets: true });
  expect(more.problems.map(({ code }) => code)).toEqual(['too_many']);
});
