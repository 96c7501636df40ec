import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSettings } from '@lockstep/core/settings';
import { createDb, type Db, inboxAfter } from '@lockstep/db';
import { commands } from '@lockstep/protocol';
import { type TestDatabase, testDatabase } from '@lockstep/testing/cluster';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { savedPassword } from '../demo/accounts.ts';
import { fill } from '../demo/fill.ts';
import { seeded } from '../demo/random.ts';
import { castThread, parseThreads } from '../demo/thread.ts';

let database: TestDatabase;
let db: Db;
let dataDir: string;
beforeAll(async () => {
  database = await testDatabase();
  db = createDb({ connectionString: database.url, poolSize: 4 });
  dataDir = mkdtempSync(join(tmpdir(), 'lockstep-demo-'));
});
afterAll(async () => {
  await db.close();
  await database.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

const settings = () =>
  loadSettings({ DATA_DIR: dataDir, AUTH_SECRET: 'only-for-tests-only-for-tests-only-for-tests' });

const everything = async () =>
  (
    await db.pool.query(
      `select m.conversation_id, m.seq, m.rev, m.body, m.created_at from message m order by 1, 2`,
    )
  ).rows;

describe('threads', () => {
  it('are cast without doubles, and every message can be sent', () => {
    const [thread] = parseThreads(
      'with x=bo,ann y=bo\nx: hi [[y|z]]\n  more\ny: [[y|z]], again\n!was before',
    );
    for (let seed = 0; seed < 20; seed++) {
      const lines = castThread(thread as NonNullable<typeof thread>, seeded(seed));
      expect(lines[0]?.body).toMatch(/^hi [yz]\n {2}more$/);
      expect(lines[1]).toMatchObject({ who: 'bo', was: 'before' });
      expect(lines[1]?.body.charAt(0)).toBe(lines[0]?.body.charAt(3));
    }
  });
});

describe('the demo', () => {
  const now = new Date('2026-11-24T16:40:00Z');

  it('is some thousand messages in order, none in the future, within the limits', async () => {
    const filled = await fill(db, settings(), now);
    expect(filled.state).toBe('filled');
    const messages = await everything();
    expect(messages.length).toBeGreaterThan(2_000);
    const last = new Map<string, { seq: number; at: Date }>();
    for (const { conversation_id, seq, body, created_at } of messages) {
      const before = last.get(conversation_id) ?? { seq: 0, at: new Date(0) };
      expect(seq).toBe(before.seq + 1);
      expect(created_at.getTime()).toBeGreaterThanOrEqual(before.at.getTime());
      expect(created_at.getTime()).toBeLessThanOrEqual(now.getTime());
      if (body !== null) {
        expect(commands.messageText.parse(body)).toBe(body);
        expect(body).not.toMatch(/\[\[|\]\]|!was|!recalled/);
      }
      last.set(conversation_id, { seq, at: created_at });
    }
  });

  it('leaves something unread for both who can sign in', async () => {
    for (const name of ['ann', 'bo']) {
      const { rows } = await db.pool.query(`select id, role from "user" where email like $1 || '@%'`, [name]);
      expect(rows[0].role).toBe(name === 'ann' ? 'admin' : 'member');
      const { entries } = await inboxAfter(db, rows[0].id, 0, 100);
      const unread = entries.filter((entry) => entry.unread > 0);
      expect(unread.length).toBeGreaterThanOrEqual(3);
      expect(entries.length).toBeGreaterThan(unread.length + 5);
    }
  });

  it('does nothing the second time, also on another day', async () => {
    const before = await everything();
    expect((await fill(db, settings(), new Date('2026-11-29T09:00:00Z'))).state).toBe('already');
    expect(await everything()).toEqual(before);
    expect(savedPassword(dataDir)).toEqual(savedPassword(dataDir));
  });

  it('keeps away from a workspace that has accounts of its own', async () => {
    const other = await testDatabase();
    const theirs = createDb({ connectionString: other.url, poolSize: 2 });
    await theirs.pool.query(
      `insert into "user" (name, email, role) values ('Eve', 'eve@example.org', 'admin')`,
    );
    expect((await fill(theirs, settings(), now)).state).toBe('foreign');
    const { rows } = await theirs.pool.query('select count(*)::int as n from "user"');
    expect(rows[0].n).toBe(1);
    await theirs.close();
    await other.drop();
  });
});
