import type { Message } from '@lockstep/protocol';
import { describe, expect, it } from 'vitest';
import { applyChanges, applyPulled } from '../src/apply.ts';
import { mergeEntry } from '../src/entries.ts';
import { emptyModel, type Model, withTimeline } from '../src/model.ts';
import { ids, makeCommand } from '../src/pending/command.ts';
import { newlyRead } from '../src/pending/read.ts';
import { withCommand } from '../src/pending/registry.ts';
import { replaceWindow, unloaded } from '../src/window.ts';
import { entry, ID, ME, message } from './fixtures.ts';

/** An inbox entry and a window that hold seq 1 to `n`, all applied. */
const model = (n: number, change: Parameters<typeof entry>[1] = {}): Model => {
  const messages = Array.from({ length: n }, (_, i) => message(i + 1));
  const { model: known } = mergeEntry(emptyModel(ME), entry(n, change));
  const page = { messages, hasBefore: false, hasAfter: false };
  return withTimeline(known, ID, replaceWindow(unloaded(n), page, new Map()), []);
};
const push = (state: Model, ...messages: Message[]) => applyChanges(state, { conversationId: ID, messages });
const window = (state: Model) => state.timelines.get(ID);
const inbox = (state: Model) => state.inbox.get(ID);

const readLocally = (model: Model, id: string, upTo: number): Model => {
  const seq = newlyRead(model, id, upTo);
  if (seq === null) return model;
  const command = makeCommand('read', ids.read(id), 'personal', { conversationId: id, seq }, 1);
  return withCommand(model, command.id, command);
};

describe('applyChanges', () => {
  it('applies a push whose first new rev is the known one + 1, to window and entry', () => {
    const { model: next, pull, refresh } = push(model(2), message(3));
    expect({ pull, refresh, rev: window(next)?.rev }).toEqual({ pull: false, refresh: false, rev: 3 });
    expect(window(next)?.messages.map((m) => m.seq)).toEqual([1, 2, 3]);
    expect(inbox(next)).toMatchObject({
      unread: 3,
      last: { seq: 3 },
      conversation: { headSeq: 3, headRev: 3 },
    });
  });

  it('rule 5: drops what it has, and takes the rest of the same push', () => {
    const { model: next, pull } = push(model(2), message(2), message(3));
    expect(window(next)?.messages.map((m) => m.seq)).toEqual([1, 2, 3]);
    expect(pull).toBe(false);
    const again = push(next, message(2), message(3)).model;
    expect(again.timelines).toBe(next.timelines);
    expect(inbox(again)).toBe(inbox(next));
  });

  it('rule 6: applies nothing out of order, and asks for a pull', () => {
    const before = model(2);
    const { model: next, pull, refresh } = push(before, message(4));
    expect({ pull, refresh }).toEqual({ pull: true, refresh: true });
    expect(window(next)).toBe(window(before));
    expect(inbox(next)).toBe(inbox(before));
  });

  it('an edit and a recall replace the message in its place', () => {
    const edited = push(model(2), message(1, 3, { body: 'better', editedAt: 9 })).model;
    expect(window(edited)?.messages[0]?.body).toBe('better');
    const { model: next } = push(edited, message(2, 4, { body: null, recalledAt: 9 }));
    expect(window(next)?.messages.map((m) => m.body)).toEqual(['better', null]);
    expect(inbox(next)).toMatchObject({ unread: 1, last: { body: null } });
  });

  it('a window that is not at the head only moves its rev', () => {
    const state = model(2);
    const back = { ...state.timelines.get(ID), hasAfter: true } as NonNullable<ReturnType<typeof window>>;
    const { model: next } = push(withTimeline(state, ID, back, []), message(3));
    expect(window(next)).toMatchObject({ rev: 3, hasAfter: true });
    expect(window(next)?.messages).toHaveLength(2);
    expect(inbox(next)?.conversation.headSeq).toBe(3);
  });

  it('an unknown conversation asks for its entry, also one that was left: one may be in it again', () => {
    expect(push(emptyModel(ME), message(1)).refresh).toBe(true);
    const { model: left, ...more } = mergeEntry(model(1), entry(0, { role: null, pos: 2 }));
    expect(more).toEqual({ pull: false, refresh: false });
    expect(left.inbox.size + left.timelines.size).toBe(0);
    expect(push(left, message(2)).refresh).toBe(true);
  });

  it('title and topic are taken from the messages that tell of them, and the rest is fetched', () => {
    const renamed = message(3, 3, { body: null, system: { type: 'renamed', title: 'Coffee' } });
    const topic = (seq: number, text: string | null) =>
      message(seq, seq, { body: null, system: { type: 'topic', topic: text } });
    const { model: next, refresh } = push(model(2), renamed, topic(4, 'Beans'));
    expect(refresh).toBe(true);
    expect(inbox(next)?.conversation).toMatchObject({ title: 'Coffee', topic: 'Beans', headSeq: 4 });
    expect(inbox(push(next, topic(5, null)).model)?.conversation).toMatchObject({
      title: 'Coffee',
      topic: null,
    });
  });

  it('own messages do not count, and raise the read position', () => {
    const { model: next } = push(model(2), message(3, 3, { senderId: ME }));
    expect(inbox(next)).toMatchObject({ unread: 0, readSeq: 3 });
  });
});

describe('applyPulled', () => {
  const pulled = (messages: Message[], to: number, headSeq: number) => ({
    conversationId: ID,
    messages,
    from: 2,
    to,
    headSeq,
  });

  it('takes changes in any order, and moves the cursor to the end of the pull', () => {
    const applied = applyPulled(model(2), pulled([message(4), message(3, 7)], 7, 4));
    expect(applied && window(applied.model)?.messages.map((m) => [m.seq, m.rev])).toEqual([
      [1, 1],
      [2, 2],
      [3, 7],
      [4, 4],
    ]);
    expect(applied && window(applied.model)?.rev).toBe(7);
  });

  it('rule 8: never leaves a hole: what does not join on, or stops short of the head, waits for more', () => {
    expect(applyPulled(model(2), pulled([message(4)], 4, 4))).toBeNull();
    expect(applyPulled(model(2), pulled([], 3, 3))).toBeNull();
  });
});

describe('inbox entries', () => {
  it('come to the same state in any order', () => {
    const news = [
      entry(3, { pos: 2, readSeq: 1, unread: 2 }),
      entry(5, { pos: 3, readSeq: 4, unread: 1 }),
    ] as const;
    const [a, b] = news;
    const forwards = mergeEntry(mergeEntry(emptyModel(ME), a).model, b).model;
    const backwards = mergeEntry(mergeEntry(emptyModel(ME), b).model, a).model;
    expect(inbox(backwards)).toEqual(inbox(forwards));
    expect(inbox(forwards)).toMatchObject({ unread: 1, readSeq: 4, pos: 3 });
  });

  it('an older entry does not bring a conversation back', () => {
    const left = mergeEntry(model(1), entry(0, { role: null, pos: 5 })).model;
    expect(mergeEntry(left, entry(1, { pos: 4 })).model.inbox.size).toBe(0);
    expect(mergeEntry(left, entry(1, { pos: 6 })).model.inbox.size).toBe(1);
  });

  it('rule 7: reading here only raises the position, never past the head', () => {
    const read = readLocally(model(3), ID, 99);
    expect(inbox(read)).toMatchObject({ readSeq: 3, unread: 0 });
    expect(readLocally(read, ID, 2)).toBe(read);
    const stale = mergeEntry(read, entry(3, { pos: 2, readSeq: 1, unread: 2 })).model;
    expect(inbox(stale)).toMatchObject({ readSeq: 3, unread: 0 });
  });

  it.each(['write', 'read'] as const)(
    'sending is reading, which the fan-out notes: in %s diffusion',
    (diffusion) => {
      const { conversation } = entry(2, { pos: 2 });
      const before = mergeEntry(
        model(2),
        entry(2, { pos: 2, conversation: { ...conversation, diffusion } }),
      ).model;
      const sent = push(before, message(3, 3, { senderId: ME })).model;
      expect(inbox(sent)).toMatchObject({ readSeq: 3, unread: 0, conversation: { diffusion } });
      // One from before the fan-out came by: the server need not be told, and a mark of another device stays.
      const early = mergeEntry(sent, entry(3, { pos: 3, readSeq: 0, unread: 2, markedUnread: true })).model;
      expect(inbox(early)).toMatchObject({ readSeq: 3, unread: 0, markedUnread: true });
      expect(early.commands.size).toBe(0);
    },
  );

  it('sending is reading, also where the entry with the message has come before the fan-out and the message', () => {
    const own = message(3, 3, { senderId: ME });
    const ahead = mergeEntry(model(2), entry(3, { pos: 3, readSeq: 0, unread: 2, last: own })).model;
    expect(inbox(ahead)).toMatchObject({ readSeq: 3, unread: 0 });
    const other = mergeEntry(model(2), entry(4, { pos: 3, readSeq: 0, unread: 3, last: message(4) })).model;
    expect(inbox(other)).toMatchObject({ readSeq: 0, unread: 3 });
    const pulled = { conversationId: ID, messages: [own, message(4)], from: 2, to: 4, headSeq: 4 };
    expect(inbox(applyPulled(other, pulled)?.model as Model)).toMatchObject({ readSeq: 3, unread: 1 });
    expect(inbox(push(other, own, message(4)).model)).toMatchObject({ readSeq: 3, unread: 1 });
  });

  it('a pushed head brings no details, and does not keep those of a slightly older entry out', () => {
    const ahead = push(model(2), message(3), message(4), message(5)).model;
    const older = entry(4, {});
    const named = { ...older, conversation: { ...older.conversation, title: 'Coffee' } };
    expect(inbox(mergeEntry(ahead, named).model)?.conversation).toMatchObject({
      title: 'Coffee',
      headRev: 5,
    });
  });
});
