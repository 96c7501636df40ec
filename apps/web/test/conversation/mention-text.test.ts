import { describe, expect, it } from 'vitest';
import {
  afterEdit,
  candidatesFor,
  type MarkedText,
  markBefore,
  queryAt,
  toShown,
  toStored,
  withMark,
} from '../../components/conversation/composer/mention-text.ts';

const ANN = '0192d3a0-0000-7000-8000-000000000001';
const WANG = '0192d3a0-0000-7000-8000-000000000002';
const names = new Map([
  [ANN, 'Ann Lee'],
  [WANG, '王小明'],
]);
const nameOf = (id: string) => names.get(id);
const shown = (stored: string) => toShown(stored, nameOf);

describe('mentions in the composer', () => {
  it('are shown by name and stored by id, in both directions the same', () => {
    for (const stored of [
      '',
      'no mention',
      `<@${ANN}>`,
      `Hi <@${ANN}>, ask <@${WANG}>!`,
      `<@${ANN}><@${ANN}>`,
      `你好<@${WANG}>，看一下`,
      '<@not-an-id> stays',
      `unknown <@0192d3a0-0000-7000-8000-00000000ffff>`,
    ])
      expect(toStored(shown(stored))).toBe(stored);
    expect(shown(`Hi <@${ANN}>, ask <@${WANG}>!`).text).toBe('Hi @Ann Lee, ask @王小明!');
  });

  it('keep their place when text is put in, taken away or replaced around them', () => {
    const start = shown(`Hi <@${ANN}>, ask <@${WANG}>!`);
    const edit = (text: string, caret: number) => toStored(afterEdit(start, text, caret));
    expect(edit('Hi @Ann Lee, please ask @王小明!', 20)).toBe(`Hi <@${ANN}>, please ask <@${WANG}>!`);
    expect(edit('@Ann Lee, ask @王小明!', 0)).toBe(`<@${ANN}>, ask <@${WANG}>!`);
    expect(edit('Hi @Ann Lee, ask @王小明! ok', 24)).toBe(`Hi <@${ANN}>, ask <@${WANG}>! ok`);
    expect(edit('Hi @Ann Lee, ask @王小明', 21)).toBe(`Hi <@${ANN}>, ask <@${WANG}>`);
    expect(edit('Hello @王小明!', 6)).toBe(`Hello <@${WANG}>!`);
    expect(edit('', 0)).toBe('');
  });

  it('become plain text as soon as they are changed inside', () => {
    const start = shown(`Hi <@${ANN}>!`);
    expect(toStored(afterEdit(start, 'Hi @Ann Le!', 10))).toBe('Hi @Ann Le!');
    expect(toStored(afterEdit(start, 'Hi @Anna Lee!', 8))).toBe('Hi @Anna Lee!');
  });

  it('are told apart by the caret where the same letters are typed again', () => {
    const start = shown(`<@${ANN}> <@${ANN}>`);
    expect(toStored(afterEdit(start, '@Ann Lee@ @Ann Lee', 9))).toBe(`<@${ANN}>@ <@${ANN}>`);
    expect(toStored(afterEdit(start, '@Ann Lee  @Ann Lee', 9))).toBe(`<@${ANN}>  <@${ANN}>`);
    expect(toStored(afterEdit(start, '@@Ann Lee @Ann Lee', 1))).toBe(`@<@${ANN}> <@${ANN}>`);
    expect(toStored(afterEdit(start, '@Ann Lee ', 9))).toBe(`<@${ANN}> `);
  });

  it('survive any edit of the text around them', () => {
    let seed = 7;
    const random = (n: number) => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed % n;
    };
    let text: MarkedText = shown(`a <@${ANN}> b <@${WANG}> c`);
    for (let turn = 0; turn < 2_000; turn++) {
      const gaps = [0, ...text.marks.map((m) => m.end)];
      const from = gaps[random(gaps.length)] as number;
      const to = text.marks.find((m) => m.start >= from)?.start ?? text.text.length;
      const at = from + random(to - from + 1);
      const end = random(3) ? at : to;
      const insert = ['', '@', 'A', '王', ' ', '@Ann Lee'][random(6)] as string;
      text = afterEdit(text, text.text.slice(0, at) + insert + text.text.slice(end), at + insert.length);
      expect(text.marks.map((m) => text.text.slice(m.start, m.end))).toEqual(['@Ann Lee', '@王小明']);
    }
  });

  it('are picked, and taken back as a whole', () => {
    const picked = withMark({ text: 'ask @Ann Lee ', marks: [] }, { start: 4, end: 12, userId: ANN });
    expect(toStored(picked)).toBe(`ask <@${ANN}> `);
    expect(markBefore(picked, 12)?.userId).toBe(ANN);
    expect(markBefore(picked, 13)).toBeUndefined();
  });
});

describe('looking for whom to mention', () => {
  const query = (text: string, caret = text.length) => queryAt({ text, marks: [] }, caret);

  it('begins at an @ that is not inside a word, and goes on over a space', () => {
    expect(query('@')).toEqual({ start: 0, query: '' });
    expect(query('hi @an')).toEqual({ start: 3, query: 'an' });
    expect(query('hi (@Ann L')).toEqual({ start: 4, query: 'Ann L' });
    expect(query('你好@王')).toEqual({ start: 2, query: '王' });
    expect(query('＠王')).toEqual({ start: 0, query: '王' });
    // As many letters as a name has.
    expect(query(`@${'a'.repeat(40)}`)?.start).toBe(0);
    expect(query(`@${'a'.repeat(41)}`)).toBeNull();
    expect(query('@Ann  L')).toEqual({ start: 0, query: 'Ann  L' });
    expect([query('@Ann  '), query('@@an'), query('x @a@')]).toEqual([null, null, null]);
    expect(query('@an later', 3)).toEqual({ start: 0, query: 'an' });
    for (const none of ['ann@example', 'a@b', 'hi', '@ ', '@a\nb', 'x/@y'])
      expect(query(none), none).toBeNull();
  });

  it('does not begin inside of a mention that stands', () => {
    const text = shown(`<@${ANN}> x`);
    expect(queryAt(text, 4)).toBeNull();
    expect(queryAt(text, 8)).toBeNull();
  });

  it('puts members first, then names that begin with it, ignores case and marks, and reads Chinese', () => {
    const people = [
      { id: '1', name: 'Joanna', member: true },
      { id: '2', name: 'Ánn Lee', member: true },
      { id: '3', name: 'Ann Outside', member: false },
      { id: '4', name: 'Lee Ann', member: true },
      { id: '5', name: '王小明', member: true },
    ];
    expect(candidatesFor(people, 'ann', 10).map(({ id }) => id)).toEqual(['2', '4', '1', '3']);
    expect(candidatesFor(people, '小明', 10).map(({ id }) => id)).toEqual(['5']);
    expect(candidatesFor(people, '', 2)).toHaveLength(2);
    // A name that begins with it, one with a word that does, one that has it inside; by name among equals.
    const zoes = ['Maczoe', 'Bea Zoe', 'Abe Zoe', 'Zoe Ray', 'Zoe Bo'].map((name) => ({
      ...{ id: name, name, member: true },
    }));
    expect(candidatesFor(zoes, 'zoe', 10).map(({ id }) => id)).toEqual([
      ...['Zoe Bo', 'Zoe Ray', 'Abe Zoe', 'Bea Zoe', 'Maczoe'],
    ]);
    expect(candidatesFor(people, 'zzz', 10)).toEqual([]);
  });
});
