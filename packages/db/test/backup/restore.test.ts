import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyMigrations, awaitSchema } from '@lockstep/db';
import { backUp, checkDataDir, openBackup, restoreBackup } from '@lockstep/db/backup';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../../src/backup/manifest.ts';
import { ask, bare, clearAfterEach, fillEveryTable, migrated, scratch, sumsOf } from './fixtures.ts';

clearAfterEach();

const version = '0.1.0';

const made = async (url: string, dataDir = scratch()) => {
  const folder = join(scratch(), 'backup');
  await backUp({ url, dataDir, folder, version });
  return folder;
};
const full = async () => {
  const url = await migrated();
  await fillEveryTable(url);
  return { url, folder: await made(url) };
};
const withoutOwn = ({ _prisma_migrations, workspace, ...rest }: Record<string, string>) => rest;
/** Changes the manifest, and its sum with it. */
const rewrite = (folder: string, change: (text: string) => string) => {
  const text = change(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  writeFileSync(join(folder, 'manifest.json'), text);
  writeFileSync(join(folder, 'manifest.sha256'), `${sha256(text)}  manifest.json\n`);
};
const stopAfter = (rows: number) => {
  const stopping = new AbortController();
  let count = 0;
  const onRows = (more: number) => {
    count += more;
    if (count >= rows) stopping.abort();
  };
  return { signal: stopping.signal, onRows };
};
const written = async (url: string, tables: string[]) =>
  Promise.all(tables.map((name) => ask(url, `select min(xmin::text) as by from "${name}"`)));

describe('a restore that was stopped', () => {
  it('is taken up where it was, and until then nothing starts on the database', async () => {
    const { url, folder } = await full();
    const [target, dataDir] = [await bare(), scratch()];
    const stopped = restoreBackup(await openBackup(folder), { url: target, dataDir, ...stopAfter(1_300) });
    await expect(stopped).rejects.toThrow(/abort/i);
    const items = await ask<{ item: string }>(target, 'select item from _restore');
    const filled = items.flatMap(({ item }) => (item.startsWith('table ') ? item.slice(6) : []));
    expect(filled.length).toBeGreaterThan(0);
    expect(filled.length).toBeLessThan(26);
    for (const start of [applyMigrations, awaitSchema])
      await expect(start(target)).rejects.toThrow('A restore into this database has not finished');

    const before = await written(target, filled);
    const backup = await openBackup(folder);
    let rows = 0;
    await restoreBackup(backup, { url: target, dataDir, onRows: (more) => (rows += more) });
    expect(await written(target, filled)).toEqual(before);
    expect(withoutOwn(await sumsOf(target))).toEqual(withoutOwn(await sumsOf(url)));
    expect(rows).toBe(backup.manifest.tables.reduce((sum, table) => sum + table.rows, 0));
    await awaitSchema(target);
  });

  it('is taken up from every place where it can be stopped', { timeout: 120_000 }, async () => {
    const { url, folder } = await full();
    const whole = withoutOwn(await sumsOf(url));
    const target = await bare();
    const backup = await openBackup(folder);
    // Each attempt gets a little further: in the end one finds nothing left to do.
    for (let rows = 1; ; rows += 250) {
      const done = await restoreBackup(backup, { url: target, dataDir: scratch(), ...stopAfter(rows) }).then(
        () => true,
        (error: Error) => {
          expect(error.name).toBe('AbortError');
          return false;
        },
      );
      if (done) break;
    }
    expect(withoutOwn(await sumsOf(target))).toEqual(whole);
  });

  it('is not taken up with another backup', async () => {
    const { folder } = await full();
    const target = await bare();
    const stopped = restoreBackup(await openBackup(folder), {
      url: target,
      dataDir: scratch(),
      ...stopAfter(1),
    });
    await expect(stopped).rejects.toThrow(/abort/i);
    const other = await full();
    await expect(
      restoreBackup(await openBackup(other.folder), { url: target, dataDir: scratch() }),
    ).rejects.toThrow(/holds the rest of another restore or move that has not finished/);
  });
});

describe('a restore is refused', () => {
  it('into a database that is not empty, and changes nothing of it', async () => {
    const { folder } = await full();
    const backup = await openBackup(folder);
    const filled = await migrated();
    const before = await sumsOf(filled);
    await expect(restoreBackup(backup, { url: filled, dataDir: scratch() })).rejects.toThrow(
      /^The database "test_\w+" at .+ is not empty, and nothing in it is replaced: set DATA_DIR/,
    );
    expect(await sumsOf(filled)).toEqual(before);
    const target = await bare();
    await restoreBackup(backup, { url: target, dataDir: scratch() });
    await expect(restoreBackup(backup, { url: target, dataDir: scratch() })).rejects.toThrow('is not empty');
  });

  it('while something uses the database', async () => {
    const { folder } = await full();
    const target = await bare();
    const used = ask(target, `set application_name = 'lockstep'; select pg_sleep(600)`).catch(() => {});
    await expect
      .poll(() =>
        ask(
          target,
          `select 1 from pg_stat_activity where application_name = 'lockstep' and datname = current_database()`,
        ),
      )
      .toHaveLength(1);
    await expect(
      restoreBackup(await openBackup(folder), { url: target, dataDir: scratch() }),
    ).rejects.toThrow(/is in use \(lockstep\): stop Lockstep/);
    await ask(
      target,
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'lockstep' and datname = current_database()`,
    );
    await used;
    expect(await sumsOf(target)).toEqual({});
  });

  it('into a folder with another secret, not into one with the same', async () => {
    const url = await migrated();
    const from = scratch();
    writeFileSync(join(from, 'auth-secret'), 'secret');
    const backup = await openBackup(await made(url, from));
    const [dataDir, target] = [scratch(), await bare()];
    writeFileSync(join(dataDir, 'auth-secret'), 'other');
    const refusal = `${join(dataDir, 'auth-secret')} is there already and is another one`;
    await expect(checkDataDir(backup, dataDir)).rejects.toThrow(refusal);
    await expect(restoreBackup(backup, { url: target, dataDir })).rejects.toThrow(refusal);
    expect(await sumsOf(target)).toEqual({});
    writeFileSync(join(dataDir, 'auth-secret'), 'secret');
    await restoreBackup(backup, { url: target, dataDir });
  });

  it('from a newer Lockstep, from one with other migrations, and of what is no backup of ours', async () => {
    const url = await migrated();
    await ask(
      url,
      `insert into _prisma_migrations (id, checksum, migration_name, finished_at) values ('x', 'y', '29990101000000_threads', now())`,
    );
    const newer = await made(url);
    await expect(openBackup(newer)).rejects.toThrow(
      `The backup in ${newer} is from a newer Lockstep (it has migration 29990101000000_threads): update Lockstep, then give the command again`,
    );
    rewrite(newer, (text) => text.replace('"format": 1', '"format": 2'));
    await expect(openBackup(newer)).rejects.toThrow('is from a newer Lockstep (0.1.0): update');
    const changed = await made(await migrated());
    rewrite(changed, (text) => text.replace(/"checksum": "\w{8}/, '"checksum": "00000000'));
    await expect(openBackup(changed)).rejects.toThrow(/made with another migration \d+_init than this/);
    const outside = await made(await migrated());
    rewrite(outside, (text) =>
      text.replace('"files": []', '"files": [{"path": "files/../../x", "bytes": 1, "sha256": ""}]'),
    );
    await expect(openBackup(outside)).rejects.toThrow(
      'manifest.json is missing, or is not as it was written',
    );
  });
});

describe('the first released state of the database', () => {
  const FIRST = '20261124080000_init';
  /** As the first release wrote it. */
  const first = async () => {
    const url = await bare();
    expect(await applyMigrations(url, { only: [FIRST] })).toEqual([FIRST]);
    await ask(
      url,
      `insert into "user" (id, name, email) values
         ('00000000-0000-7000-8000-000000000001', 'Zoë Čapek', 'zoe@example.org'),
         ('00000000-0000-7000-8000-000000000002', '张伟', 'wei@example.org');
       insert into workspace (id) values (1);
       insert into conversation (id, kind, title, created_by, head_seq, head_rev, member_count) values
         ('00000000-0000-7000-8000-00000000000a', 'group', 'Straße', '00000000-0000-7000-8000-000000000001', 2001, 2002, 2);
       insert into member (conversation_id, user_id, role, joined_seq, joined_rev)
         select '00000000-0000-7000-8000-00000000000a', id, 'owner', 1, 1 from "user";
       insert into message (conversation_id, seq, rev, sender_id, client_id, body, system)
         select '00000000-0000-7000-8000-00000000000a', s, s, '00000000-0000-7000-8000-000000000001', uuidv7(),
           case when s > 1 then 'message ' || s end, case when s = 1 then '{"type": "created", "title": "Straße"}'::jsonb end
         from generate_series(1, 2001) s;
       update message set rev = 2002, body = null, recalled_at = now() where seq = 7;
       insert into inbox_cursor (user_id, pos) select id, 3 from "user";
       insert into inbox_entry (user_id, conversation_id, pos, head_rev, read_seq)
         select id, '00000000-0000-7000-8000-00000000000a', 3, 2002, 5 from "user";
       insert into checkpoint (conversation_id, consumer, rev) values ('00000000-0000-7000-8000-00000000000a', 'fanout', 2002)`,
    );
    return url;
  };
  const seen = async (url: string) => ({
    people: await ask(url, `select name, folded from "user" order by id`),
    messages: await ask(
      url,
      `select state, count(*)::int, min(seq), max(seq), md5(string_agg(seq || ' ' || rev || coalesce(body, ''), ',' order by seq)) as texts
       from message group by state order by state`,
    ),
    inbox: await ask(url, 'select pos::int, head_rev, read_seq, draft_version from inbox_entry'),
  });

  it('is brought up to now by its migrations, and by a backup of then that is restored now', async () => {
    const url = await first();
    const folder = await made(url);
    await applyMigrations(url);
    const upgraded = await seen(url);
    expect(upgraded.people).toEqual([
      { name: 'Zoë Čapek', folded: 'zoe capek' },
      { name: '张伟', folded: '张伟' },
    ]);
    expect(upgraded.messages).toMatchObject([
      { state: 'live', count: 1_999, min: 2, max: 2_001 },
      { state: 'recalled', count: 1, min: 7 },
      { state: 'system', count: 1, min: 1 },
    ]);
    const target = await bare();
    await restoreBackup(await openBackup(folder), { url: target, dataDir: scratch() });
    expect(await seen(target)).toEqual(upgraded);
    await awaitSchema(target);
  });
});
