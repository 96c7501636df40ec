import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { postgresIndex } from '../src/index.ts';
import { makeSearchWorld } from './world.ts';

/** Codes are found as they were typed, and only so; typos inside of words with signs between them are forgiven. */
let world: Awaited<ReturnType<typeof makeSearchWorld>>;
let ann: Awaited<ReturnType<typeof world.person>>;

const TEXTS = [
  'make 2>&1 | tee log',
  'see page 2 1 of it',
  'ping 8.8.8.8 works',
  'scores 8,8,8,8 today',
  'run sudo apt-get dist-upgrade now',
  'edit /etc/X11/xorg.conf please',
  'the wi fi is down',
  'the wi-fi is up',
  'kernel 4.4.0-93-generic boots',
];
beforeAll(async () => {
  world = await makeSearchWorld(postgresIndex);
  ann = await world.person('Ann');
  const id = await world.group(ann, 'Codes');
  for (const text of TEXTS) await world.send(ann, id, text);
});
afterAll(() => world.close());

describe.each(['the tail', 'the index'])('in %s', (where) => {
  beforeAll(async () => {
    if (where === 'the index') await world.settle();
    // What is forgiven is known from the words of the index.
    else
      await world.db.pool.query(
        `insert into search_word (word) values ('apt'), ('dist'), ('upgrade'), ('xorg'), ('conf'), ('generic')`,
      );
  });

  test.each([
    ['2>&1', ['make 2>&1 | tee log'], false],
    ['8.8.8.8', ['ping 8.8.8.8 works'], false],
    ['8.8.4.4', [], false],
    ['wi-fi', ['the wi-fi is up', 'the wi fi is down'], false],
    ['dist-upgarde', ['run sudo apt-get dist-upgrade now'], true],
    ['appt-get', ['run sudo apt-get dist-upgrade now'], true],
    ['atp-get', ['run sudo apt-get dist-upgrade now'], true],
    ['xorg.cnof', ['edit /etc/X11/xorg.conf please'], true],
    ['4.4.0-93-genreic', ['kernel 4.4.0-93-generic boots'], true],
  ])('%s', async (text, found, forgiven) => {
    const page = await world.ask(ann, text);
    expect(page.hits.map(({ message }) => message.body)).toEqual(found);
    expect(page.forgiven).toBe(forgiven);
    for (const { message, marks } of page.hits)
      expect(marks.map(([from, to]) => message.body?.slice(from, to)).join('')).not.toBe('');
  });
});
