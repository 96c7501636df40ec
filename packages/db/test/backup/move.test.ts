import { moveDatabase } from '@lockstep/db/backup';
import { expect, it } from 'vitest';
import { ask, bare, clearAfterEach, fillEveryTable, migrated, sumsOf } from './fixtures.ts';

clearAfterEach();

const withoutOwn = ({ _prisma_migrations, workspace, ...rest }: Record<string, string>) => rest;

const full = async () => {
  const url = await migrated();
  await fillEveryTable(url);
  return url;
};

it('brings every row to an empty database, and leaves the first one as it is', async () => {
  const [from, url] = [await full(), await bare()];
  const before = await sumsOf(from);
  let [estimated, rows] = [0, 0];
  await moveDatabase({
    ...{ from, url },
    onStart: (about) => (estimated = about),
    onRows: (more) => (rows += more),
  });
  expect(await sumsOf(from)).toEqual(before);
  expect(withoutOwn(await sumsOf(url))).toEqual(withoutOwn(before));
  const all = Object.entries(withoutOwn(before)).reduce((sum, [, one]) => sum + Number(one.split(' ')[0]), 0);
  expect([estimated >= 0, rows]).toEqual([true, all + 1]);
});

it('begins anew where one was stopped, with what was written since', async () => {
  const [from, url] = [await full(), await bare()];
  const stopping = new AbortController();
  let rows = 0;
  const stopped = moveDatabase({
    ...{ from, url, signal: stopping.signal },
    onRows: (more) => {
      rows += more;
      if (rows > 1_300) stopping.abort();
    },
  });
  await expect(stopped).rejects.toThrow(/abort/i);
  expect((await ask(url, `select 1 from _restore where item like 'table %'`)).length).toBeGreaterThan(0);
  await ask(from, `update message set body = 'written since' where seq = 1`);
  await moveDatabase({ from, url });
  expect(withoutOwn(await sumsOf(url))).toEqual(withoutOwn(await sumsOf(from)));
});

it('is refused while something uses the first one, and into one that is not empty', async () => {
  const [from, url] = [await full(), await bare()];
  const used = ask(from, `set application_name = 'lockstep'; select pg_sleep(600)`).catch(() => {});
  const mine = `from pg_stat_activity where application_name = 'lockstep' and datname = current_database()`;
  await expect.poll(() => ask(from, `select 1 ${mine}`)).toHaveLength(1);
  await expect(moveDatabase({ from, url })).rejects.toThrow(
    'The workspace is in use (lockstep): stop Lockstep first',
  );
  await ask(from, `select pg_terminate_backend(pid) ${mine}`);
  await used;
  await expect(moveDatabase({ from, url: await migrated() })).rejects.toThrow('is not empty');
});

it('is refused where the first one is of a newer version', async () => {
  const [from, url] = [await migrated(), await bare()];
  await ask(
    from,
    `insert into _prisma_migrations (id, checksum, migration_name, finished_at) values ('x', 'y', '29990101000000_threads', now())`,
  );
  await expect(moveDatabase({ from, url })).rejects.toThrow(
    'The workspace is from a newer Lockstep (it has migration 29990101000000_threads)',
  );
  expect(await sumsOf(url)).toEqual({});
});

it('is refused into a database of another encoding', async () => {
  const url = await bare();
  await ask(
    url,
    `create database ${new URL(url).pathname.slice(1)}_latin encoding 'LATIN1' locale 'C' template template0`,
  );
  const latin = `${url}_latin`;
  try {
    await expect(moveDatabase({ from: await full(), url: latin })).rejects.toThrow(/has the encoding LATIN1/);
  } finally {
    await ask(url, `drop database ${new URL(latin).pathname.slice(1)}`);
  }
});
