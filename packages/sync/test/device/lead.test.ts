import { expect, it, vi } from 'vitest';
import { ids, makeCommand } from '../../src/pending/command.ts';
import { boot, disk, ID, ownDisk, settle } from './boot.ts';

ownDisk();

it('who begins to lead reads the commands of the disk once, and sends by what stands there', async () => {
  const one = boot(false);
  const all = vi.spyOn(one.store.commands, 'all');
  const load = vi.spyOn(one.store, 'load');
  // By another tab, which has told nobody.
  const read = makeCommand('read', ids.read(ID), `personal ${ID}`, { conversationId: ID, seq: 1 }, 1);
  disk.commands.set(read.id, read);
  await settle();
  expect(one.engine.getState().leader).toBe(true);
  expect([...one.engine.getState().commands.keys()]).toEqual([read.id]);
  // Beside the one that paints.
  expect(load).toHaveBeenCalledTimes(1);
  expect(all).not.toHaveBeenCalled();
});
