import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { backUp, openBackup, restoreBackup } from '@lockstep/db/backup';
import { expect, it } from 'vitest';
import { ask, bare, fillEveryTable, migrated, scratch, sumsOf } from './fixtures.ts';

const version = '0.1.0';

it('brings every row of every table to an empty database', async () => {
  const [url, target] = [await migrated(), await bare()];
  await fillEveryTable(url);
  const before = await sumsOf(url);
  expect(Object.entries(before).filter(([, sum]) => sum.startsWith('0 '))).toEqual([]);
  const [dataDir, folder] = [scratch(), join(scratch(), 'one')];
  await backUp({ url, dataDir, folder, version });
  console.log(readdirSync(folder, { recursive: true }));
  await restoreBackup(await openBackup(folder), { url: target, dataDir: scratch() });
  expect(await sumsOf(target)).toEqual(before);
});
