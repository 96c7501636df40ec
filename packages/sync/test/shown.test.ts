import { describe, expect, it } from 'vitest';
import { localDigest } from '../src/digest.ts';
import { emptyModel, type Model } from '../src/model.ts';
import { type Command, ids, makeCommand } from '../src/pending/command.ts';
import { withRow } from '../src/pending/rows.ts';
import type { PersonalChange } from '../src/ports.ts';
import { shownEntry } from '../src/shown.ts';
import { tallyOf } from '../src/unread.ts';
import { replaceWindow, unloaded } from '../src/window.ts';
import { entry, ID, ME, message } from './fixtures.ts';

const modelOf = (
  change: PersonalChange | null,
  more: Parameters<typeof entry>[1] = {},
  reading?: number,
): Model =>
  [...(change ? [personal(change)] : []), ...(reading === undefined ? [] : [read(reading)])].reduce<Model>(
    (model, command) => withRow(model, command.id, command),
    {
      ...emptyModel(ME),
      entries: new Map([[ID, entry(5, { readSeq: 2, unread: 3, ...more })]]),
      tallies: new Map([[ID, tallyOf({ unread: 3, mentions: 0 }, 5, 2)]]),
    },
  );

const personal = (change: PersonalChange): Command =>
  makeCommand('personal', ids.personal(ID), 'personal', { conversationId: ID, change }, 1);
const read = (seq: number): Command =>
  makeCommand('read', ids.read(ID), 'personal', { conversationId: ID, seq }, 1);

describe('what is not confirmed yet is shown on top', () => {
  it.each<[PersonalChange, Parameters<typeof entry>[1], object]>([
    [{ markedUnread: true }, {}, { markedUnread: true }],
    [{ markedUnread: false }, { markedUnread: true }, { markedUnread: false }],
    [{ mutedUntil: 9 }, {}, { mutedUntil: 9 }],
    [{ mutedUntil: null }, { mutedUntil: 9 }, { mutedUntil: null }],
    [{ placeSeq: 3 }, {}, { placeSeq: 3 }],
    [{ placeSeq: null }, { placeSeq: 3 }, { placeSeq: null }],
    [{ pinned: true }, {}, { pinnedAt: Number.MAX_SAFE_INTEGER }],
    [{ pinned: true }, { pinnedAt: 4 }, { pinnedAt: 4 }],
    [{ pinned: false }, { pinnedAt: 4 }, { pinnedAt: null }],
    [{ archived: true }, {}, { archivedSeq: 5 }],
    [{ archived: true }, { archivedSeq: 8 }, { archivedSeq: 8 }],
    [{ archived: false }, { archivedSeq: 4 }, { archivedSeq: null }],
  ])('%j on %j', (change, held, shown) => {
    const model = modelOf(change, held);
    expect(shownEntry(model, ID)).toEqual({ ...entry(5, { readSeq: 2, unread: 3, ...held }), ...shown });
  });

  it('the last message as it was edited or recalled here', () => {
    const target = { seq: 5, clientId: null };
    const edit = makeCommand(
      'edit',
      'edit c 5',
      'messages c',
      { conversationId: ID, target, body: 'better' },
      1,
    );
    const model = modelOf(null);
    const edited = withRow(model, edit.id, edit as Command);
    expect(shownEntry(edited, ID)?.last?.body).toBe('better');
    expect(shownEntry(model, ID)?.last?.body).toBe('text 5');
  });

  it('a position that was read, up to the head; it is no longer marked unread', () => {
    expect(shownEntry(modelOf(null, { markedUnread: true }, 9), ID)).toMatchObject({
      ...{ readSeq: 5, unread: 0, markedUnread: false },
    });
    expect(shownEntry(modelOf(null, {}, 1), ID)?.readSeq).toBe(2);
  });

  it('the same object where nothing is different, and nothing of what is not there', () => {
    const model = modelOf(null);
    expect(shownEntry(model, ID)).toBe(model.entries.get(ID));
    const changed = modelOf({ pinned: true });
    const shown = shownEntry(changed, ID);
    if (!shown) throw new Error('not there');
    expect(shownEntry({ ...changed, inbox: new Map([[ID, shown]]) }, ID)).toBe(shown);
    expect(shownEntry({ ...model, tallies: new Map() }, ID)).toBeUndefined();
    expect(shownEntry(model, 'another')).toBeUndefined();
  });
});

it('a digest is of the runs of messages that are held, and of none where there are none', () => {
  const held = [message(4), message(5)];
  const window = replaceWindow(unloaded(5), { messages: held, hasBefore: true, hasAfter: false }, new Map());
  const digest = localDigest({
    ...emptyModel(ME),
    inbox: new Map([[ID, entry(5)]]),
    timelines: new Map([
      [ID, window],
      ['empty', unloaded(0)],
    ]),
  });
  expect(digest.ranges).toEqual([
    { conversationId: ID, from: 4, to: 5, digest: expect.stringMatching(/^\w{16}$/) },
  ]);
  expect(Object.keys(digest.conversations)).toEqual([ID]);
  expect(digest.overall).toMatch(/^\w{16}$/);
});
