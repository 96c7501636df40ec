import { appendAudit, auditKeyOf, auditPage, GENESIS, hashOf, verifyAudit } from '@lockstep/db';
import type { AuditEntry } from '@lockstep/protocol';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { auditInput, connectOwner, disableTriggers, owner } from './audit-log.ts';
import { ownWorld, uuid, world } from './world.ts';

ownWorld();

/** Another value of the same type, written in SQL. */
const OTHER: Record<string, (column: string) => string> = {
  bigint: (column) => `${column} + 1`,
  integer: (column) => `${column} + 1`,
  uuid: () => 'gen_random_uuid()',
  text: (column) => `${column} || '.'`,
  'timestamp with time zone': (column) => `${column} + interval '1 millisecond'`,
  jsonb: (column) => `${column} || '{"more": 1}'`,
  ARRAY: (column) => `${column} || gen_random_uuid()`,
};

describe('a row of the audit log, changed by the owner of the database', () => {
  let columns: { name: string; type: string; nullable: boolean }[];
  connectOwner();
  beforeAll(async () => {
    await disableTriggers();
    world.db.auditKey = auditKeyOf('a secret that the database does not have');
    for (let i = 1; i <= 5; i++) await appendAudit(world.db, auditInput());
    const { rows } = await owner.query<(typeof columns)[0]>(
      `select column_name as name, data_type as type, is_nullable = 'YES' as nullable
       from information_schema.columns where table_name = 'audit_entry' order by ordinal_position`,
    );
    columns = rows;
  });

  /** What is told while the third row has `value` in `column`. */
  const faultsWith = async (column: string, value: string) => {
    await owner.query('create table kept as select * from audit_entry where n = 3');
    await owner.query(`update audit_entry set ${column} = ${value} where n = 3`);
    const { faults } = await verifyAudit(world.db);
    await owner.query('delete from audit_entry where n not in (1, 2, 4, 5)');
    await owner.query('insert into audit_entry select * from kept');
    await owner.query('drop table kept');
    return faults;
  };

  it('is named whichever column it was, also where a value was taken out', async () => {
    expect((await verifyAudit(world.db)).faults).toEqual([]);
    const changed = [{ n: 3, kind: 'changed' }];
    const reported: Record<string, unknown> = {};
    for (const { name, type, nullable } of columns.filter(({ name }) => name !== 'n')) {
      reported[name] = await faultsWith(name, OTHER[type]?.(name) ?? 'null');
      if (nullable) reported[`no ${name}`] = await faultsWith(name, 'null');
    }
    expect(Object.keys(reported).length).toBeGreaterThan(14);
    expect(reported).toEqual(Object.fromEntries(Object.keys(reported).map((name) => [name, changed])));
    expect((await verifyAudit(world.db)).faults).toEqual([]);
  });
});

test('the hash of a row is the same in every version, whatever the order of its keys', () => {
  const row: Omit<AuditEntry, 'hash'> = {
    n: 7,
    at: 1_764_000_000_123,
    actorId: '00000000-0000-4000-8000-000000000001',
    actorName: 'Ann',
    sessionId: '00000000-0000-4000-8000-000000000002',
    address: '10.0.0.1',
    device: 'Firefox 143 · macOS',
    action: 'search',
    reason: 'a complaint',
    asked: { text: 'héllo 你好', nested: { b: 1, a: [true, null] } },
    answered: 3,
    conversationIds: ['00000000-0000-4000-8000-000000000003'],
    previous: GENESIS,
  };
  // SHA-256 of the JSON with sorted keys and no spaces, computed with Python.
  const golden = 'c6267525c7b119644c701a865111c2bd738cebcc1b9b4d5696aba808303ebc2f';
  expect(hashOf(row)).toBe(golden);
  const reversed = Object.fromEntries(Object.entries(row).reverse()) as typeof row;
  expect(hashOf({ ...reversed, asked: { nested: { a: [true, null], b: 1 }, text: 'héllo 你好' } })).toBe(
    golden,
  );
});

describe('pages of the audit log', () => {
  const [ann, ben] = [uuid(), uuid()];
  let first = 0;
  beforeAll(async () => {
    first = (await appendAudit(world.db, auditInput({ actorId: ann, action: 'search' }))).n;
    await appendAudit(world.db, auditInput({ actorId: ben, action: 'open' }));
    await appendAudit(world.db, auditInput({ actorId: ann, action: 'open' }));
  });
  const page = async (filter: Partial<Parameters<typeof auditPage>[1]>) => {
    const { entries, hasMore } = await auditPage(world.db, { limit: 10, ...filter });
    return [entries.map(({ n }) => n - first), hasMore];
  };

  it('end where there are exactly as many rows as were asked for', async () => {
    expect(await page({ actorId: ann, limit: 1 })).toEqual([[2], true]);
    expect(await page({ actorId: ann, limit: 2 })).toEqual([[2, 0], false]);
    expect(await page({ actorId: ann, limit: 3 })).toEqual([[2, 0], false]);
  });

  it('go on before a row, and hold only what was asked for', async () => {
    expect(await page({ before: first + 2, limit: 2 })).toEqual([[1, 0], true]);
    expect(await page({ actorId: ann, before: first + 2 })).toEqual([[0], false]);
    expect(await page({ action: 'open', limit: 2 })).toEqual([[2, 1], false]);
    expect(await page({ action: 'open', actorId: ben })).toEqual([[1], false]);
    expect(await page({ actorId: uuid() })).toEqual([[], false]);
  });
});
