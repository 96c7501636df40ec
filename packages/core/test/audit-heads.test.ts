import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { actions, queries } from '@lockstep/core';
import { makeWorld, type TestPerson, type World } from '@lockstep/testing';
import pino from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';

let world: World;
let admin: TestPerson;
beforeAll(async () => {
  world = await makeWorld();
  admin = await world.person('Admin', { role: 'admin' });
});
afterAll(() => world.close());

test('each head is kept in the log of the process and beside the database, and verify compares them', async () => {
  const from = { ipAddress: null, userAgent: null };
  const logged: Record<string, unknown>[] = [];
  const log = pino({ base: null }, { write: (line: string) => void logged.push(JSON.parse(line)) });
  const core = { ...world.core, log };
  for (const tell of [false, true]) await actions.setAccessNotices(admin.actor, core, from, { tell });
  const path = join(world.core.settings.DATA_DIR, 'audit-heads.log');
  const { entries } = await queries.listAudit(admin.actor, world.core, { limit: 10 });
  expect(entries.map(({ version }) => version)).toEqual([2, 2]);
  expect(logged).toEqual(
    entries
      .toReversed()
      .map(({ n, hash }) => expect.objectContaining({ level: 30, msg: 'audit', action: 'setting', n, hash })),
  );
  const lines = () => {
    try {
      return readFileSync(path, 'utf8').trim().split('\n');
    } catch {
      return [];
    }
  };
  await expect.poll(() => lines().length).toBe(2);
  expect(
    lines()
      .map((line) => line.split(' ')[1])
      .sort(),
  ).toEqual(entries.map(({ n, hash }) => `${n}:${hash}`).sort());
  const verify = () => queries.verifyAudit(admin.actor, world.core, {});
  expect(await verify()).toMatchObject({ faults: [], otherKey: 0, witnesses: { heads: 2, lost: [] } });
  // As it is after somebody has made the chain anew: what was kept is not in it.
  appendFileSync(path, `${new Date().toISOString()} 2:${'a'.repeat(64)}\n`);
  expect(await verify()).toMatchObject({ faults: [], witnesses: { heads: 3, lost: [2] } });
});
