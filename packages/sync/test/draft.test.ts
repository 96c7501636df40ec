import { describe, expect, it } from 'vitest';
import {
  combined,
  draftOf,
  going,
  type LocalDraft,
  reconcile,
  sentAs,
  settled,
  written,
} from '../src/draft.ts';

const ID = 'c';
const server = (text: string, version: number) => ({ text, version });
const write = (held: LocalDraft | undefined, text: string, now = 1) =>
  written(held, ID, text, now) as LocalDraft;
const meet = (held: LocalDraft | undefined, text: string, version: number) =>
  reconcile(held, ID, server(text, version)) as LocalDraft;
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

  it('one that has the other in it is enough', () => {
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
    const lost = going(write(known('', 1), 'helo wrld'));
    const mended = write(lost, 'hello world', 2);
    expect(meet(mended, 'helo wrld', 2)).toMatchObject({ text: 'hello world', version: 2, pending: true });
    expect(meet(mended, 'helo wrld', 2).conflict).toBe(false);
  });

  it('a sent draft does not come back with a write that was still on its way', () => {
    const typing = going(write(known('', 1), 'hello'));
    const sent = sentAs(typing, 'hello', 2) as LocalDraft;
    expect(sent).toMatchObject({ text: '', pending: true });
    expect(meet(sent, 'hello', 2)).toMatchObject({ text: '', version: 2, pending: true });
  });

  it('a sent draft does not come back from a device that shows it still', () => {
    const sent = sentAs(known('hello', 4), 'hello', 2) as LocalDraft;
    expect(meet(sent, 'hello\n', 6)).toMatchObject({ text: '', version: 6, pending: true });
  });

  it('what another device went on writing is not taken away by sending', () => {
    const sent = sentAs(known('hello', 4), 'hello', 2) as LocalDraft;
    expect(meet(sent, 'hello, and more', 5)).toMatchObject({ text: 'hello, and more', pending: false });
  });

  it('nothing is written for a message that the server never had a draft of', () => {
    expect(sentAs(write(undefined, 'quick'), 'quick', 2)).toMatchObject({ text: '', pending: false });
    expect(sentAs(undefined, 'quick', 2)).toBeUndefined();
  });

  it('a write given up for lost that arrives after all is written over', () => {
    const back = write(going(write(known('a', 1), 'ab')), 'a', 2);
    const agreed = settled(back, { ...server('a', 1), updatedAt: 0 }, 'a');
    expect(agreed.pending).toBe(false);
    expect(meet(agreed, 'ab', 2)).toMatchObject({ text: 'a', version: 2, pending: true });
  });

  it('two tabs come to the same, whichever hears first', () => {
    const a = going(write(known('tea', 1), 'tea or', 10));
    const b = write(a, 'tea or coffee', 20);
    const c = meet(a, 'tea or', 2);
    for (const [x, y] of [
      [a, b],
      [a, c],
      [b, c],
    ] as const)
      expect(combined(x, y)).toEqual(combined(y, x));
    expect(combined(b, c)).toMatchObject({
      text: 'tea or coffee',
      version: 2,
      pending: true,
      conflict: false,
    });
    expect(combined(a, c)).toMatchObject({ text: 'tea or', version: 2, pending: false });
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
    expect(draftOf(record)).toMatchObject({ text: 'old', pending: true, tried: [], sent: null });
  });
});
