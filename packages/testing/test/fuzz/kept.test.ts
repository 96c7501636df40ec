import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { keptOf } from '../../src/fuzz/kept.ts';
import { failureOf } from '../../src/fuzz/shrink.ts';
import { loadTarget, TARGETS } from '../../src/fuzz/targets.ts';

// Those that need a database are in kept-database.test.ts.
for (const [name, { database }] of Object.entries(TARGETS))
  if (!database)
    describe(name, async () => {
      const target = await loadTarget(name);
      beforeAll(() => target.setup?.());
      afterAll(() => target.teardown?.());

      it('goes by the name it is listed under', () => expect(target.name).toBe(name));
      for (const [file, { input }] of keptOf(name))
        it(file, async () => expect(await failureOf(target, input)).toBeNull());
    });
