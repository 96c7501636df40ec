import { type AuditInput, appendAudit, auditPage, hashOf, verifyAudit } from '@lockstep/db';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { auditInput, connectOwner, disableTriggers, emptyAudit, enableTriggers, owner } from './audit-log.ts';
import { ownWorld, uuid, world } from './world.ts';

ownWorld();

describe('the audit log', () => {
  const actorId = uuid();
  connectOwner();
  beforeAll(() =>
    owner.query(`insert into "user" (id, name, email) values ($1, 'Ann', 'ann@example.org')`, [actorId]),
  );
  beforeEach(() => behindTheTriggers(emptyAudit));

  const input = (more: Partial<AuditInput> = {}) => auditInput({ actorId, ...more });
  const fill = async (count: number) => {
    for (let i = 1; i <= count; i++) await appendAudit(world.db, input({ reason: `look ${i}` }));
  };
  /** As whoever owns the database can. */
  const behindTheTriggers = async (work: () => Promise<unknown>) => {
    await disableTriggers();
    await work();
    await enableTriggers();
  };
  const faults = async () => (await verifyAudit(world.db)).faults;

  it('keeps every row in order, and the chain is intact', async () => {
    await fill(3);
    const { entries, head, hasMore } = await auditPage(world.db, { limit: 2 });
    expect(entries.map((entry) => [entry.n, entry.reason, entry.actorName])).toEqual([
      [3, 'look 3', 'Ann'],
      [2, 'look 2', 'Ann'],
    ]);
    expect(entries[0]?.previous).toBe(entries[1]?.hash);
    expect(head).toEqual({ n: 3, hash: entries[0]?.hash });
    expect(hasMore).toBe(true);
    expect(await verifyAudit(world.db, head)).toEqual({
      rows: 3,
      head,
      faults: [],
      kept: true,
      otherKey: 0,
      witnesses: { heads: 0, lost: [] },
    });
  });

  it('is one chain under 50 appends at once, from several processes', async () => {
    const dbs = [world.db, world.another(), world.another()];
    await Promise.all(
      Array.from({ length: 50 }, (_, i) => appendAudit(dbs[i % 3] as typeof world.db, input())),
    );
    const { entries } = await auditPage(world.db, { limit: 100 });
    expect(entries.map(({ n }) => n)).toEqual(Array.from({ length: 50 }, (_, i) => 50 - i));
    expect(await verifyAudit(world.db)).toMatchObject({ rows: 50, faults: [] });
  });

  it('refuses any change, whoever asks', async () => {
    await fill(2);
    for (const statement of [
      `update audit_entry set reason = 'other' where n = 1`,
      'delete from audit_entry where n = 1',
      'truncate audit_entry',
      'truncate audit_head',
      'delete from audit_head',
      'update audit_head set n = 1',
      `set session_replication_role = replica; update audit_entry set reason = 'other'`,
    ])
      await expect(owner.query(statement), statement).rejects.toThrow('audit log');
    await owner.query('set session_replication_role = origin');
    expect(await faults()).toEqual([]);
  });

  const columns = `at, actor_id, actor_name, session_id, address, device, action, reason, asked, answered,
    conversation_ids, previous, hash`;
  const renumber = (from: number, by: number) => [
    `update audit_entry set n = n + 1000000 where n >= ${from}`,
    `update audit_entry set n = n - 1000000 + ${by} where n >= 1000000`,
  ];
  const cases: [string, string[], { n: number; kind: string }[]][] = [
    ['a reason', [`update audit_entry set reason = 'other' where n = 5`], [{ n: 5, kind: 'changed' }]],
    [
      'a count of the first',
      ['update audit_entry set answered = 0 where n = 1'],
      [{ n: 1, kind: 'changed' }],
    ],
    [
      'what was asked, in the last',
      [`update audit_entry set asked = '{}' where n = 10`],
      [{ n: 10, kind: 'changed' }],
    ],
    ['a hash', [`update audit_entry set hash = repeat('a', 64) where n = 5`], [{ n: 5, kind: 'changed' }]],
    [
      'two rows',
      [`update audit_entry set address = null where n in (3, 8)`],
      [3, 8].map((n) => ({ n, kind: 'changed' })),
    ],
    [
      'neighbours',
      [`update audit_entry set address = null where n in (4, 5)`],
      [4, 5].map((n) => ({ n, kind: 'changed' })),
    ],
    ['a row taken out', ['delete from audit_entry where n = 5'], [{ n: 5, kind: 'removed' }]],
    [
      'a row taken out, and the one after it changed',
      ['delete from audit_entry where n = 5', 'update audit_entry set answered = 0 where n = 6'],
      [
        { n: 5, kind: 'removed' },
        { n: 6, kind: 'changed' },
      ],
    ],
    ['the first taken out', ['delete from audit_entry where n = 1'], [{ n: 1, kind: 'removed' }]],
    [
      'the last two taken out',
      ['delete from audit_entry where n > 8'],
      [9, 10].map((n) => ({ n, kind: 'removed' })),
    ],
    [
      'taken out, and those after it renumbered',
      ['delete from audit_entry where n = 5', ...renumber(6, -1)],
      [{ n: 5, kind: 'removed' }],
    ],
    [
      'put in, and those after it renumbered',
      [
        ...renumber(6, 1),
        `insert into audit_entry (n, ${columns}) select 6, ${columns} from audit_entry where n = 2`,
      ],
      [{ n: 6, kind: 'inserted' }],
    ],
    [
      'put in at the end',
      [`insert into audit_entry (n, ${columns}) select 11, ${columns} from audit_entry where n = 2`],
      [{ n: 11, kind: 'inserted' }],
    ],
  ];
  for (const [what, statements, expected] of cases)
    it(`names ${what}, changed by the owner of the database`, async () => {
      await fill(10);
      await behindTheTriggers(async () => {
        for (const statement of statements) await owner.query(statement);
      });
      expect(await faults()).toEqual(expected);
    });

  it('a row changed together with its own hash is named by the row after it', async () => {
    await fill(5);
    await fill(5);
    const { entries } = await auditPage(world.db, { limit: 100 });
    const third = entries.find(({ n }) => n === 3);
    if (!third) throw new Error('no third');
    const hash = hashOf({ ...third, reason: 'other' });
    await behindTheTriggers(() =>
      owner.query(`update audit_entry set reason = 'other', hash = $1 where n = 3`, [hash]),
    );
    expect(await faults()).toEqual([{ n: 3, kind: 'changed' }]);
  });

  it('a chain made anew from a row on is found by the head that was kept outside', async () => {
    await fill(4);
    const { head } = await auditPage(world.db, { limit: 1 });
    await behindTheTriggers(async () => {
      await owner.query('delete from audit_entry');
      await owner.query('delete from audit_head');
    });
    await fill(6);
    expect(await verifyAudit(world.db, head)).toMatchObject({ faults: [], kept: false });
  });
});
