import { describe, expect, it } from 'vitest';
import { aloneTabs } from '../../src/tabs/alone.ts';
import type { Tabs } from '../../src/tabs/port.ts';
import { BEN, boot, clock, disk, ID, OTHER, open, ownDisk, say, server, settle, shown } from './boot.ts';

ownDisk();

describe('what is on disk', () => {
  it('rule 6: a tab that does not lead takes no page from the disk that is older than what it shows', async () => {
    await say(300);
    const first = boot();
    await open(first.engine);
    for (let i = 0; i < 3; i++) {
      void first.engine.loadBefore(ID);
      await settle();
    }
    await first.engine.flush();
    first.crash();
    const { engine } = boot(true, () => ({}), { tabs: { ...aloneTabs(), lead: () => () => {} } });
    await open(engine);
    await server.edit(BEN, ID, 240, 'edited meanwhile');
    await settle();
    void engine.loadBefore(ID);
    await settle();
    expect(engine.getState()).toMatchObject({ leader: false });
    expect(shown(engine)).toHaveLength(100);
    expect(shown(engine)).toContain('edited meanwhile');
  });

  it('rule 6: a tab that knows less than the disk writes nothing over it when it comes to lead', async () => {
    const first = boot();
    await settle();
    await first.engine.flush();
    let lead = () => {};
    const tabs: Tabs = {
      ...aloneTabs(),
      lead: ({ onLead }) => {
        lead = onLead;
        return () => {};
      },
    };
    const second = boot(false, () => ({}), { tabs });
    await settle();
    await server.create(OTHER);
    await settle();
    await first.engine.flush();
    first.crash();
    lead();
    await settle();
    expect(second.engine.getState()).toMatchObject({ leader: true });
    await second.engine.flush();
    expect([...disk.entries.keys()].sort()).toEqual([ID, OTHER]);
    second.online();
    await settle();
    await second.engine.flush();
    expect(disk.pos).toBe(second.engine.getState().pos);
  });

  it('rule 5: what the leading tab writes while another reads makes no hole', async () => {
    await say(3);
    const first = boot();
    await open(first.engine);
    await first.engine.flush();
    const second = boot(false, () => ({}), { tabs: { ...aloneTabs(), lead: () => () => {} } });
    await settle();
    const { messages } = second.store;
    second.store.messages = async (...args) => {
      second.store.messages = messages;
      const found = await messages.apply(second.store, args);
      for (let i = 4; i <= 6; i++) await server.send(BEN, ID, `text ${i}`);
      await clock.wait(1_000);
      await first.engine.flush();
      return found;
    };
    await open(second.engine);
    expect(shown(second.engine)).toEqual([1, 2, 3, 4, 5, 6].map((i) => `text ${i}`));
  });
});
