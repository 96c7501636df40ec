import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Real text to make messages of: logs of a help channel, and Chinese sentences of small talk. Not part of the repository. */
export const DATA = fileURLToPath(new URL('../../../shared/data/', import.meta.url));

export interface Corpus {
  english: string[];
  chinese: string[];
}

/** Throws where the folder is not there. */
export const readCorpus = (folder = DATA): Corpus => {
  if (!existsSync(folder)) throw new Error(`There is no real text in ${folder}: give --data <folder>.`);
  const english: string[] = [];
  const logs = `${folder}/irc-ubuntu/`;
  for (const name of readdirSync(logs)
    .filter((file) => /^\d{4}-/.test(file))
    .sort())
    for (const line of new TextDecoder('windows-1252').decode(readFileSync(logs + name)).split('\n')) {
      const text = /^\[\d\d:\d\d\] <[^>]+> (.+)$/.exec(line)?.[1]?.trim();
      if (text) english.push(text);
    }
  const chinese: string[] = [];
  const talks = `${folder}/chinese/`;
  for (const name of readdirSync(talks)
    .filter((file) => file.endsWith('.yml'))
    .sort())
    for (const line of readFileSync(talks + name, 'utf8').split('\n')) {
      const text = /^\s*-\s(?:-\s)?(.+)$/.exec(line)?.[1]?.trim();
      if (text && /\p{sc=Han}/u.test(text)) chinese.push(text);
    }
  return { english, chinese };
};

/** Numbers below `n` that are the same in every run (xorshift32). */
export const numbers = (seed: number): ((n: number) => number) => {
  let x = seed >>> 0 || 1;
  return (n) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    x >>>= 0;
    return x % n;
  };
};

/** A message of real words: a line, or two halves of lines, so that a million are not a few said again and again. */
export const sentence = ({ english, chinese }: Corpus, below: (n: number) => number): string => {
  if (below(100) < 4) return chinese[below(chinese.length)] as string;
  const line = english[below(english.length)] as string;
  if (below(10) < 4) return line;
  const other = (english[below(english.length)] as string).split(' ');
  const words = line.split(' ');
  return [...words.slice(0, Math.ceil(words.length / 2)), ...other.slice(Math.floor(other.length / 2))].join(
    ' ',
  );
};
