import { actions, queries } from '@lockstep/core';
import { LIMITS } from '@lockstep/protocol';
import { describe, expect, test } from 'vitest';
import { ann, bob, ownTrip, world } from './trip.ts';

ownTrip();

const list = (who = ann) => queries.listSearches(who.actor, world.core);
const note = (text: string, who = ann) => actions.noteSearch(who.actor, world.core, { text });
const save = (text: string, name: string | null = null, who = ann) =>
  actions.saveSearch(who.actor, world.core, { text, name });
const forget = (text?: string) => actions.forgetSearch(ann.actor, world.core, { text });
const texts = async () => (await list()).map(({ text }) => text);

describe('remembered searches', () => {
  test('are one’s own, the last used first, the same one once, and told to the own devices', async () => {
    await note('anchor');
    await note('lantern');
    expect(await note('anchor')).toEqual(await list());
    expect(await texts()).toEqual(['anchor', 'lantern']);
    expect(await list(bob)).toEqual([]);
    expect(world.published.all).toEqual(Array(3).fill({ to: 'searches', userId: ann.id }));
    await forget('anchor');
    expect(await texts()).toEqual(['lantern']);
    await forget();
    expect(await texts()).toEqual([]);
  });

  test('what is saved keeps its name and its place when the recent ones go', async () => {
    await note('in:#ubuntu wifi');
    await save('in:#ubuntu wifi', 'Wifi');
    await save('anchor');
    await save('in:#ubuntu wifi', 'Wireless');
    await forget();
    expect(await list()).toEqual([
      { text: 'anchor', name: null, usedAt: null, savedAt: expect.any(Number) },
      { text: 'in:#ubuntu wifi', name: 'Wireless', usedAt: null, savedAt: expect.any(Number) },
    ]);
    await note('anchor');
    await actions.unsaveSearch(ann.actor, world.core, { text: 'anchor' });
    await actions.unsaveSearch(ann.actor, world.core, { text: 'in:#ubuntu wifi' });
    expect(await list()).toEqual([{ text: 'anchor', name: null, usedAt: expect.any(Number), savedAt: null }]);
    await forget();
  });

  test('the oldest recent one goes, and a saved one too many is refused, also when all come at once', async () => {
    await Promise.all(Array.from({ length: LIMITS.recentSearches + 5 }, (_, i) => note(`at once ${i}`)));
    await note('newest');
    expect(await texts()).toHaveLength(LIMITS.recentSearches);
    expect((await texts())[0]).toBe('newest');
    await forget();

    await world.core.db.pool.query(
      `insert into saved_search (user_id, text, saved_at) select $1, 'kept ' || n, now() from generate_series(3, $2) n`,
      [ann.id, LIMITS.savedSearches],
    );
    const tries = await Promise.allSettled(['a', 'b', 'c', 'd'].map((text) => save(text)));
    expect(tries.map(({ status }) => status).sort()).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
      'rejected',
    ]);
    await expect(save('one more')).rejects.toMatchObject({ code: 'limit_reached' });
    expect(await list()).toHaveLength(LIMITS.savedSearches);
    // Another name for a kept one is not one more.
    await save('kept 3', 'First');
    expect(await list()).toContainEqual(expect.objectContaining({ text: 'kept 3', name: 'First' }));
  });
});
