import { appendAudit, auditHead, auditKeyOf, GENESIS, hashOf, verifyAudit } from '@lockstep/db';
import type { AuditHead } from '@lockstep/protocol';
import { beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { auditInput, connectOwner, disableTriggers, emptyAudit, owner } from './audit-log.ts';
import { ownWorld, world } from './world.ts';

ownWorld();

const key = auditKeyOf('a secret that the database does not have');

describe('the audit log with a key', () => {
  connectOwner();
  beforeAll(disableTriggers);
  beforeEach(async () => {
    await emptyAudit();
    world.db.auditKey = key;
  });
  const fill = async (count: number) => {
    const heads: AuditHead[] = [];
    for (let i = 0; i < count; i++) {
      const { n, hash } = await appendAudit(world.db, auditInput());
      heads.push({ n, hash });
    }
    return heads;
  };
  /** All later hashes made anew, as whoever owns the database and knows our code can. */
  const rebuild = async (secret: string | null) => {
    const { rows } = await owner.query('select * from audit_entry order by n');
    await emptyAudit();
    world.db.auditKey = secret === null ? null : auditKeyOf(secret);
    for (const row of rows) await appendAudit(world.db, { ...auditInput(), reason: `${row.reason}, forged` });
    world.db.auditKey = key;
  };

  it('is whole with its key; without it or with another only the order is checked, and that is said', async () => {
    await fill(3);
    expect(await verifyAudit(world.db)).toMatchObject({ rows: 3, faults: [], otherKey: 0 });
    for (const other of [null, auditKeyOf('another')]) {
      world.db.auditKey = other;
      expect(await verifyAudit(world.db)).toMatchObject({ faults: [], otherKey: 3 });
    }
  });

  it('rows of before the key stay whole, and nothing without a key is taken after them', async () => {
    world.db.auditKey = null;
    await fill(2);
    world.db.auditKey = key;
    await fill(2);
    expect(await verifyAudit(world.db)).toMatchObject({ rows: 4, faults: [], otherKey: 0 });
    world.db.auditKey = null;
    await fill(1);
    world.db.auditKey = key;
    expect((await verifyAudit(world.db)).faults).toEqual([{ n: 5, kind: 'changed' }]);
  });

  it('a chain that was made anew is found: by the key, and by heads that were kept outside', async () => {
    const witnesses = await fill(4);
    expect(await verifyAudit(world.db, undefined, witnesses)).toMatchObject({
      faults: [],
      witnesses: { heads: 4, lost: [] },
    });
    await rebuild('a key of the forger');
    expect(await verifyAudit(world.db, undefined, witnesses)).toMatchObject({
      otherKey: 4,
      witnesses: { heads: 4, lost: [1, 2, 3, 4] },
    });
    await rebuild(null);
    expect((await verifyAudit(world.db, undefined, witnesses)).witnesses.lost).toEqual([1, 2, 3, 4]);
    expect((await auditHead(world.db.pool)).n).toBe(4);
  });

  it('a row that is changed together with its plain hash, and with those after it, is named', async () => {
    await fill(3);
    const { rows } = await owner.query('select * from audit_entry where n = 2');
    const hash = hashOf({ ...rows[0], version: undefined, key: undefined });
    await owner.query(
      `update audit_entry set reason = 'other', version = 1, key = null, hash = $1 where n = 2`,
      [hash],
    );
    expect((await verifyAudit(world.db)).faults.map(({ n }) => n)).toContain(2);
  });

  it.each([
    ['device', `device || '.'`],
    ['address', 'null'],
    ['actor_name', `'Ben'`],
    ['reason', `'other'`],
    ['answered', '0'],
    ['asked', `'{}'`],
    ['conversation_ids', `'{}'`],
    ['session_id', 'gen_random_uuid()'],
    ['actor_id', 'gen_random_uuid()'],
    ['action', `'open'`],
    ['at', `at + interval '1 ms'`],
    ['version', '1'],
    ['version', '3'],
    ['hash', `repeat('a', 64)`],
  ])('names a row whose %s was changed to %s', async (column, value) => {
    await fill(3);
    await owner.query(`update audit_entry set ${column} = ${value} where n = 2`);
    expect((await verifyAudit(world.db)).faults).toEqual([{ n: 2, kind: 'changed' }]);
  });

  it('a row that claims another key after rows of ours is named', async () => {
    await fill(3);
    await owner.query(`update audit_entry set key = 'deadbeef', reason = 'other' where n = 2`);
    expect(await verifyAudit(world.db)).toMatchObject({ faults: [{ n: 2, kind: 'changed' }], otherKey: 0 });
  });
});

test('the keyed hash of a row is the same in every version of the code', () => {
  const row = {
    n: 7,
    at: 1_764_000_000_123,
    actorId: '00000000-0000-4000-8000-000000000001',
    actorName: 'Ann',
    sessionId: '00000000-0000-4000-8000-000000000002',
    address: '10.0.0.1',
    device: 'Firefox 143 · macOS',
    action: 'search' as const,
    reason: 'a complaint',
    asked: { text: 'héllo 你好' },
    answered: 3,
    conversationIds: ['00000000-0000-4000-8000-000000000003'],
    previous: GENESIS,
    version: 2,
    key: key.id,
  };
  // Computed with Python.
  expect([key.id, hashOf(row, key)]).toEqual([
    'e368c8f9',
    '10890e3ea0a99ed34eb159f980b92d9ebc6ca3e72dacdc6a35f8078995739ae8',
  ]);
  expect(hashOf(row, auditKeyOf('another'))).toBeNull();
});
