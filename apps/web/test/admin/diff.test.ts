import { describe, expect, it } from 'vitest';
import { diffVersions, diffWords, type Piece } from '../../components/admin/diff.ts';

const shape = (pieces: readonly Piece[]) => pieces.map(({ text, kind }) => `${kind}:${text}`);
const words = (n: number, prefix: string) => Array.from({ length: n }, (_, i) => `${prefix}${i}`).join(' ');

describe('the diff of a text', () => {
  it('is by word', () => {
    expect(shape(diffWords('see you at six', 'see you at seven'))).toEqual([
      'same:see you at ',
      'gone:six',
      'new:seven',
    ]);
  });

  it('is not computed for texts of thousands of words, nor for hundreds of versions', () => {
    expect(diffWords(words(2_000, 'a'), words(2_000, 'b'))).toHaveLength(2);
    const versions = Array.from({ length: 300 }, (_, i) => `${words(300, 'a')} ${i}`);
    const diffs = diffVersions(versions);
    expect(diffs).toHaveLength(300);
    expect(shape(diffs[299] as Piece[]).slice(1)).toEqual(['gone:298', 'new:299']);
    expect(shape(diffs[1] as Piece[])).toEqual([`gone:${versions[0]}`, `new:${versions[1]}`]);
    const compared = diffs.filter((pieces) => pieces.some(({ kind }) => kind === 'same')).length;
    expect(compared).toBeLessThan(20);
  });

  it('is looked for in just so many pairs of words, of one text and of all versions', () => {
    const signs = (n: number) => '大'.repeat(n);
    expect(shape(diffWords(signs(1_000), signs(500)))).toEqual([`same:${signs(500)}`, `gone:${signs(500)}`]);
    expect(shape(diffWords(signs(1_000), signs(501)))).toEqual([`gone:${signs(1_000)}`, `new:${signs(501)}`]);
    const versions = Array.from({ length: 9 }, (_, n) => signs(n % 2 ? 500 : 1_000));
    // The first version has nothing before it; the newest five are compared.
    expect(diffVersions(versions).map(([first]) => first?.kind)).toEqual([
      ...['same', 'gone', 'gone', 'gone', 'same', 'same', 'same', 'same', 'same'],
    ]);
    expect(diffVersions(['a', 'b'])[0]).toEqual([{ text: 'a', kind: 'same' }]);
    expect(diffVersions([])).toEqual([[{ text: '', kind: 'same' }]]);
  });

  it('gives both texts back, whatever they are', () => {
    for (const [before, after] of [
      ['', 'a'],
      ['a', ''],
      ['a  b', 'a b\n'],
      ['会议**改到**周五', '会议改到周四'],
      [words(2_000, 'x'), 'y'],
    ] as const) {
      const pieces = diffWords(before, after);
      const of = (left: Piece['kind']) => pieces.filter(({ kind }) => kind !== left).map(({ text }) => text);
      expect(of('new').join('')).toBe(before);
      expect(of('gone').join('')).toBe(after);
    }
  });
});
