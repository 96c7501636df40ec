import { describe, expect, it } from 'vitest';
import {
  applyServerDraft,
  draftOf,
  type LocalDraft,
  mergeLocalDrafts,
  sentAs,
  withAnswer,
  withTried,
  withWritten,
} from '../../src/pending/local-draft.ts';

const ID = 'c';
const server = (text: string, version: number) => ({ text, version });
let edits = 0;
const edit = (tab = 'tab', at = 1) => ({ tab, n: ++edits, at });
const write = (held: LocalDraft | undefined, text: string, tab?: string, at?: number) =>
  withWritten(held, ID, text, edit(tab, at)) as LocalDraft;
const meet = (held: LocalDraft | undefined, text: string, version: number) =>
  applyServerDraft(held, ID, server(text, version)) as LocalDraft;
const known = (text: string, version: number) => meet(undefined, text, version);

describe('draft (rule 6)', () => {
  it('follows the server where nothing is pending, and never goes back', () => {
    const first = known('tea', 3);
    expect(first).toMatchObject({ text: 'tea', version: 3, pending: false });
    expect(meet(first, 'coffee', 2)).toBe(first);
    expect(meet(first, 'coffee', 4)).toMatchObject({ text: 'coffee', version: 4, pending: false });
  });

  it('puts together what two devices wrote on the same version', () => {
    const here = write(known('', 1), 'from here');
    const both = meet(here, 'from there', 2);
    expect(both).toMatchObject({ text: 'from there\nfrom here', version: 2, pending: true, conflict: true });
    expect(write(both, 'from both')).toMatchObject({ conflict: false });
  });

  it('a text that includes the other one is kept alone', () => {
    expect(meet(write(known('', 1), 'hello you'), 'hello', 2)).toMatchObject({
      text: 'hello you',
      pending: true,
      conflict: false,
    });
    expect(meet(write(known('', 1), 'hello'), 'hello you', 2)).toMatchObject({
      text: 'hello you',
      pending: false,
      conflict: false,
    });
  });

  it('a write of its own whose answer was lost is no conflict', () => {
    const lost = withTried(write(known('', 1), 'helo wrld'));
    const mended = write(lost, 'hello world');
    expect(meet(mended, 'helo wrld', 2)).toMatchObject({ text: 'hello world', version: 2, pending: true });
    expect(meet(mended, 'helo wrld', 2).conflict).toBe(false);
  });

  it('a sent draft does not come back with a write that was still on its way', () => {
    const typing = withTried(write(known('', 1), 'hello'));
    const sent = sentAs(typing, 'hello', edit()) as LocalDraft;
    expect(sent).toMatchObject({ text: '', pending: true });
    expect(meet(sent, 'hello', 2)).toMatchObject({ text: '', version: 2, pending: true });
  });

  it('a sent draft does not come back from a device that shows it still', () => {
    const sent = sentAs(known('hello', 4), 'hello', edit()) as LocalDraft;
    expect(meet(sent, 'hello\n', 6)).toMatchObject({ text: '', version: 6, pending: true });
  });

  it('what another device went on writing is not taken away by sending', () => {
    const sent = sentAs(known('hello', 4), 'hello', edit()) as LocalDraft;
    expect(meet(sent, 'hello, and more', 5)).toMatchObject({ text: 'hello, and more', pending: false });
  });

  it('nothing is written for a message that the server never had a draft of', () => {
    expect(sentAs(write(undefined, 'quick'), 'quick', edit())).toMatchObject({ text: '', pending: false });
    expect(sentAs(undefined, 'quick', edit())).toBeUndefined();
  });

  it('a write given up for lost that arrives after all is written over', () => {
    const back = write(withTried(write(known('a', 1), 'ab')), 'a');
    const agreed = withAnswer(back, { ...server('a', 1), updatedAt: 0 }, 'a');
    expect(agreed.pending).toBe(false);
    expect(meet(agreed, 'ab', 2)).toMatchObject({ text: 'a', version: 2, pending: true });
  });

  it('two tabs converge, whichever gets the news first', () => {
    const a = withTried(write(known('tea', 1), 'tea or'));
    const b = write(a, 'tea or coffee');
    const c = meet(a, 'tea or', 2);
    for (const [x, y] of [
      [a, b],
      [a, c],
      [b, c],
    ] as const)
      expect(mergeLocalDrafts(x, y)).toEqual(mergeLocalDrafts(y, x));
    expect(mergeLocalDrafts(b, c)).toMatchObject({
      text: 'tea or coffee',
      version: 2,
      pending: true,
      conflict: false,
    });
    expect(mergeLocalDrafts(a, c)).toMatchObject({ text: 'tea or', version: 2, pending: false });
  });

  it('what was written on top of a draft stands, though the clock was set back in between', () => {
    const first = meet(withTried(write(known('', 0), 'tea', 'one', 9_000)), 'tea', 1);
    const second = write(known('tea', 1), 'tea or coffee', 'two', 5);
    expect(mergeLocalDrafts(first, second)).toMatchObject({
      text: 'tea or coffee',
      pending: true,
      conflict: false,
    });
    expect(mergeLocalDrafts(second, first)).toEqual(mergeLocalDrafts(first, second));
    const third = write(mergeLocalDrafts(first, second), 'coffee', 'one', 3);
    expect(mergeLocalDrafts(second, third)).toMatchObject({ text: 'coffee' });
  });

  it('what was written on top of a draft of the server is on top of who wrote that', () => {
    const first = meet(withTried(write(known('', 0), 'tea', 'one')), 'tea', 1);
    const second = write(known('tea', 1), 'tea or coffee', 'two');
    const sent = sentAs(second, 'tea or coffee', edit('two')) as LocalDraft;
    const { stored: _, ...old } = first;
    for (const other of [first, mergeLocalDrafts(first, second), draftOf(old)])
      expect(mergeLocalDrafts(other, sent)).toMatchObject({ text: '', pending: true, conflict: false });
    const spent = sentAs(write(undefined, 'tea', 'one'), 'tea', edit('one')) as LocalDraft;
    const next = write(undefined, 'cake', 'two');
    const gone = sentAs(next, 'cake', edit('two')) as LocalDraft;
    expect(mergeLocalDrafts(mergeLocalDrafts(spent, next), gone)).toMatchObject({
      text: '',
      conflict: false,
    });
  });

  it('what two tabs wrote without knowing of one another both stays, whatever their clocks say', () => {
    const one = write(known('', 1), 'from one', 'one', 9_000);
    const two = write(known('', 1), 'from two', 'two', 5);
    expect(mergeLocalDrafts(one, two)).toMatchObject({
      text: 'from two\nfrom one',
      pending: true,
      conflict: true,
    });
    expect(mergeLocalDrafts(two, one)).toEqual(mergeLocalDrafts(one, two));
    expect(mergeLocalDrafts(mergeLocalDrafts(one, two), one)).toEqual(mergeLocalDrafts(one, two));
    const sent = sentAs(one, 'from one', edit('one')) as LocalDraft;
    expect(mergeLocalDrafts(sent, two)).toMatchObject({ text: 'from two', pending: true });
    expect(mergeLocalDrafts(sent, one)).toEqual(sent);
  });

  it('what is in a version already is not written on top of it again', () => {
    const typing = write(known('', 0), 'te', 'one');
    const stored = meet(withTried(write(typing, 'tea', 'one')), 'tea', 1);
    expect(mergeLocalDrafts(typing, stored)).toMatchObject({ text: 'tea', version: 1, pending: false });
    expect(mergeLocalDrafts(typing, meet(stored, '', 2))).toMatchObject({
      text: '',
      version: 2,
      pending: false,
    });
  });

  it('a sent draft whose write another tab has on its way stays to be taken back', () => {
    const typing = write(known('', 0), 'tea', 'one');
    const sent = sentAs(typing, 'tea', edit('one')) as LocalDraft;
    const both = mergeLocalDrafts(withTried(typing), sent);
    expect(both).toMatchObject({ text: '', pending: true });
    // Also in the tab that sent it, which hears of that write only now: it may be stored below what another device wrote.
    const reported = mergeLocalDrafts(sent, both);
    expect(reported).toEqual(both);
    expect(meet(reported, 'tea\nfrom there', 2)).toMatchObject({ text: 'from there', pending: true });
  });

  it('what was sent in one tab goes also where another tab has put it onto a newer version meanwhile', () => {
    const typing = write(known('', 0), 'tea', 'one');
    const rebased = meet(typing, 'from there', 1);
    expect(rebased).toMatchObject({ text: 'from there\ntea', pending: true });
    const sent = sentAs(typing, 'tea', edit('one')) as LocalDraft;
    expect(sent).toMatchObject({ version: 0, pending: false });
    for (const both of [mergeLocalDrafts(rebased, sent), mergeLocalDrafts(sent, rebased)])
      expect(both).toMatchObject({ text: 'from there', version: 1, pending: false });
    expect(mergeLocalDrafts(withTried(rebased), sent)).toMatchObject({ text: 'from there', pending: true });
  });

  it('what was sent before the last message does not come back with the text of another device', () => {
    const first = meet(withTried(write(known('', 0), 'tea')), 'tea', 1);
    const next = sentAs(write(sentAs(first, 'tea', edit()), 'coffee'), 'coffee', edit()) as LocalDraft;
    expect(meet(next, 'tea\nfrom there', 2)).toMatchObject({ text: 'from there', pending: true });
    expect(meet(write(next, 'cake'), 'tea', 2)).toMatchObject({ text: 'cake', version: 2, pending: true });
  });

  it('what was sent goes also where another device has taken its own part out, or put more beside it', () => {
    const merged = known('tea\ncoffee', 2);
    const sent = sentAs(merged, 'tea\ncoffee', edit()) as LocalDraft;
    expect(meet(sent, 'coffee', 3)).toMatchObject({ text: '', version: 3, pending: true, conflict: false });
    expect(meet(sent, 'coffee\n\ncake', 3)).toMatchObject({ text: 'cake', pending: true });
    expect(meet(sent, 'coffees', 3)).toMatchObject({ text: 'coffees', pending: false });
    expect(meet(write(sent, 'water'), 'coffee', 3)).toMatchObject({ text: 'water', conflict: false });
  });

  it('what came from the server goes with it, also where a part of it was taken out here', () => {
    const both = sentAs(known('tea', 1), 'tea', edit()) as LocalDraft;
    const left = meet(both, 'tea\nfrom there', 2);
    expect(left).toMatchObject({ text: 'from there', pending: true });
    expect(meet(left, '', 3)).toMatchObject({ text: '', pending: false });
    const put = meet(write(known('', 1), 'from here'), 'from there', 2);
    expect(meet(put, '', 3)).toMatchObject({ text: 'from here', pending: true });
    expect(meet(write(put, 'from there\nfrom here, and more'), '', 3)).toMatchObject({
      text: 'from here, and more',
    });
  });

  it('reads what another version of the app has stored', () => {
    const record = {
      conversationId: ID,
      text: 'old',
      version: 2,
      pending: true,
      conflict: false,
      changedAt: 5,
    };
    expect(draftOf(record)).toMatchObject({ text: 'old', pending: true, tried: [], sent: [], edits: {} });
    const sent = { ...record, tried: [], sent: 'old' as unknown as string[] };
    expect(draftOf(sent)).toMatchObject({ sent: ['old'] });
    expect(draftOf({ ...sent, sent: null as unknown as string[] })).toMatchObject({ sent: [] });
  });
});
