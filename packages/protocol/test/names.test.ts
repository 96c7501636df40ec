import { describe, expect, it } from 'vitest';
import { peopleCalled, titlesCalled } from '../src/index.ts';

const member = (name: string) => ({ name, placeholder: false });
const imported = (name: string) => ({ name, placeholder: true });

describe('whom a name stands for', () => {
  const called = (people: { name: string; placeholder: boolean }[], name: string) =>
    peopleCalled(people, name).map((one) => one.name);

  it('is the whole name, else a word of it, else its beginning, else that of a word, else anywhere', () => {
    const people = ['joann', 'Mary Annette', 'Annabel', 'Lee Ann', 'Ann'].map(member);
    for (const [count, found] of [
      [5, 'Ann'],
      [4, 'Lee Ann'],
      [3, 'Annabel'],
      [2, 'Mary Annette'],
      [1, 'joann'],
    ] as const)
      expect(called(people.slice(0, count), 'ann'), `${count}`).toEqual([found]);
    expect(called(people, 'bob')).toEqual([]);
    expect(called(people, ' ')).toEqual([]);
  });

  it('is everyone of the same grade; a hyphen parts words', () => {
    expect(called([member('Ann Lee'), member('Mary-Ann'), member('Annabel')], 'ANN')).toEqual([
      'Ann Lee',
      'Mary-Ann',
    ]);
  });

  it('a name from an import counts as a word of itself, but beside a member of the same name', () => {
    const [ann, lee] = [imported('Ann'), member('Lee Ann')];
    expect(called([ann, lee], 'ann')).toEqual(['Ann', 'Lee Ann']);
    expect(peopleCalled([ann, lee, member('Ann')], 'ann')).toEqual([ann, member('Ann')]);
    // One member of that name is enough, wherever the others stand.
    expect(called([member('Ann'), ann, imported('Joann'), lee], 'ann')).toEqual(['Ann', 'Ann']);
  });
});

describe('which titles a text stands for', () => {
  const called = (titles: string[], text: string) => titlesCalled(titles, text, (title) => title);

  it('is the whole title, else its beginning, else anywhere', () => {
    const titles = ['Old ubuntu', 'Ubuntu help', 'ubuntu'];
    expect(called(titles, 'UBUNTU')).toEqual(['ubuntu']);
    expect(called(titles.slice(0, 2), 'ubuntu')).toEqual(['Ubuntu help']);
    expect(called(titles.slice(0, 1), 'ubuntu')).toEqual(['Old ubuntu']);
    expect(called(titles, 'debian')).toEqual([]);
    expect(called(titles, '')).toEqual([]);
  });
});
