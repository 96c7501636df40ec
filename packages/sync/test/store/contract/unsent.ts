import { describe, expect, it } from 'vitest';
import { type DraftRecord, nextOrder } from '../../../src/store/port.ts';
import { draftRecord, entryOf, leadingOf, type MakePlace, outboxRecord, page } from './place.ts';

/** Outbox, drafts, personal changes and read positions, which every tab writes. */
export const unsentContract = (name: string, makePlace: MakePlace): void => {
  const leading = leadingOf(makePlace);

  describe(`${name}: what the server does not have yet`, () => {
    it('keeps the outbox in the order of sending, across tabs', async () => {
      const { place, store } = await leading();
      const other = place.open();
      await other.load();
      await store.outbox.put(outboxRecord('b', nextOrder([], 100)));
      await other.outbox.put(outboxRecord('a', nextOrder(await other.outbox.all(), 100)));
      await store.outbox.put(outboxRecord('0', 101));
      await store.outbox.put(outboxRecord('9', 5));
      const ids = ['9', 'b', '0', 'a'];
      expect((await store.outbox.all()).map((record) => record.clientId)).toEqual(ids);
      expect((await place.open().load()).outbox.map((record) => record.clientId)).toEqual(ids);
    });

    it('is there in the first load after it, too', async () => {
      const store = (await makePlace()).open();
      await store.outbox.put(outboxRecord('x', 1));
      expect((await store.load()).outbox).toHaveLength(1);
    });

    it('sending takes the draft along, in one step', async () => {
      const { store } = await leading();
      await store.drafts.put(draftRecord('c', 'hello'));
      await store.send(outboxRecord('x', 1), () => draftRecord('c', '', { version: 2 }));
      expect(await store.load()).toMatchObject({ outbox: [{ clientId: 'x' }], drafts: [{ text: '' }] });
      await store.send(outboxRecord('y', 2), () => null);
      expect((await store.load()).drafts).toEqual([]);
    });

    it('a draft that the server has stays until its entry is there, and no longer', async () => {
      const { store, write } = await leading();
      const withDraft = (version: number) => ({
        ...entryOf('c', version),
        draft: { text: `v${version}`, version, updatedAt: 1 },
      });
      const settled = draftRecord('c', 'v2', { version: 2, pending: false });
      const drafts = async () => (await store.load()).drafts;
      await write({ entries: [withDraft(1)] });
      expect(await store.drafts.update('c', () => settled)).toEqual(settled);
      await write({ entries: [entryOf('other', 9)] });
      expect(await drafts()).toEqual([settled]);
      await write({ entries: [withDraft(2)] });
      expect(await drafts()).toEqual([]);
      expect(await store.drafts.update('c', () => settled)).toBeNull();
      await store.send(outboxRecord('x', 1), () => settled);
      expect(await drafts()).toEqual([]);
      // What is pending stays, whatever the entry says; of who has left, nothing but that does.
      await store.drafts.put(draftRecord('c', 'mine'));
      await write({ entries: [withDraft(3)] });
      await store.drafts.update('d', () => ({ ...settled, conversationId: 'd' }));
      expect(await drafts()).toEqual([draftRecord('c', 'mine')]);
      await store.drafts.update('c', () => draftRecord('c', 'v4', { version: 4, pending: false }));
      expect(await drafts()).toHaveLength(1);
      await write({ removed: ['c'] });
      expect(await drafts()).toEqual([]);
    });

    it('a stored message leaves the outbox in the write that brings it', async () => {
      const { store, write } = await leading();
      await store.outbox.put(outboxRecord('x', 1));
      await store.outbox.put(outboxRecord('y', 2));
      await write({ ...page(1, 1, 1), sent: ['x', 'unknown'] });
      expect((await store.outbox.all()).map((record) => record.clientId)).toEqual(['y']);
    });

    it('tabs that change a record at once do not undo each other', async () => {
      const { place, store } = await leading();
      const other = place.open();
      await other.load();
      const grow = (by: string) => (held: DraftRecord | null) =>
        draftRecord('c', `${held?.text ?? ''}${by}`, { version: (held?.version ?? 0) + 1 });
      await Promise.all(
        Array.from({ length: 20 }, (_, i) => (i % 2 ? store : other).drafts.update('c', grow(`${i % 10}`))),
      );
      const draft = await store.drafts.get('c');
      expect(draft?.version).toBe(20);
      expect([...(draft?.text ?? '')].sort().join('')).toBe('00112233445566778899');
    });

    it('a change of nothing writes nothing, null deletes, and what is thrown comes back', async () => {
      const { store } = await leading();
      await store.personal.put({ conversationId: 'c', change: { pinned: true }, changedAt: 1 });
      expect(await store.personal.update('c', (held) => held)).toMatchObject({ change: { pinned: true } });
      expect(await store.personal.update('missing', (held) => held)).toBeNull();
      const boom = new Error('boom');
      const fail = () => {
        throw boom;
      };
      await expect(store.personal.update('c', fail)).rejects.toBe(boom);
      expect(await store.personal.get('c')).toMatchObject({ change: { pinned: true } });
      expect(await store.personal.update('c', () => null)).toBeNull();
      expect(await store.personal.all()).toEqual([]);
    });

    it('keeps read positions and personal changes until they are taken out', async () => {
      const { place, store } = await leading();
      await store.reading.put({ conversationId: 'c', seq: 7 });
      await store.personal.put({
        conversationId: 'd',
        change: { mutedUntil: null, placeSeq: 4 },
        changedAt: 2,
      });
      expect(await place.open().load()).toMatchObject({
        reading: [{ conversationId: 'c', seq: 7 }],
        personal: [{ conversationId: 'd', change: { mutedUntil: null, placeSeq: 4 } }],
      });
      await store.reading.delete('c');
      await store.reading.delete('unknown');
      expect(await store.reading.all()).toEqual([]);
    });
  });
};
