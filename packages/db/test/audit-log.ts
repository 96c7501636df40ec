import type { AuditInput } from '@lockstep/db';
import pg from 'pg';
import { afterAll, beforeAll } from 'vitest';
import { uuid, world } from './world.ts';

/** A look of somebody. */
export const auditInput = (more: Partial<AuditInput> = {}): AuditInput => ({
  actorId: uuid(),
  sessionId: uuid(),
  address: '10.0.0.1',
  device: 'Firefox 143 · macOS',
  action: 'search',
  reason: 'a complaint',
  asked: { text: 'héllo 你好', nested: { b: 1, a: [true, null] } },
  answered: 3,
  conversationIds: [uuid()],
  ...more,
});

/** A connection of whoever owns the database, who can change any row once the triggers are off. */
export let owner: pg.Client;

/** Called once where it is needed, below `ownWorld`. */
export const connectOwner = (): void => {
  beforeAll(async () => {
    owner = new pg.Client({ connectionString: world.url });
    await owner.connect();
  });
  afterAll(() => owner.end());
};

const TABLES = ['audit_entry', 'audit_head'];

export const disableTriggers = async (): Promise<void> => {
  for (const table of TABLES) await owner.query(`alter table ${table} disable trigger all`);
};

/** As the migrations have left them. */
export const enableTriggers = async (): Promise<void> => {
  for (const table of TABLES) {
    const { rows } = await owner.query<{ name: string }>(
      'select tgname as name from pg_trigger where tgrelid = $1::regclass and not tgisinternal',
      [table],
    );
    for (const { name } of rows) await owner.query(`alter table ${table} enable always trigger ${name}`);
  }
};

/** With the triggers off. */
export const emptyAudit = async (): Promise<void> => {
  for (const table of TABLES) await owner.query(`delete from ${table}`);
};
