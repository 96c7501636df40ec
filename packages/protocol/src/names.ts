import { foldName } from './fold.ts';

/** Hyphens part words, too. */
const wordsOf = (folded: string): string => ` ${folded.replaceAll('-', ' ')} `;

/** Whether a name contains these whole words in this order: then a query with them means this name. */
export const hasNameWords = (name: string, words: string): boolean => {
  const wanted = foldName(words);
  return wanted !== '' && wordsOf(foldName(name)).includes(` ${wanted} `);
};

/** The items of the lowest grade. */
const best = <T>(all: Iterable<T>, gradeOf: (one: T) => number | null): T[] => {
  let least = Number.POSITIVE_INFINITY;
  const graded: { one: T; grade: number }[] = [];
  for (const one of all) {
    const grade = gradeOf(one);
    if (grade === null) continue;
    graded.push({ one, grade });
    least = Math.min(least, grade);
  }
  return graded.filter(({ grade }) => grade <= least).map(({ one }) => one);
};

/**
 * The people a name means in a search, among those a device knows, by the server's rule: the members whose whole name
 * it is, together with names from an import that are the same; where there is no such member, all who have it as a
 * word of their name; else those whose name begins with it, else those with a word that does, else those with it
 * anywhere.
 */
export const peopleCalled = <T extends { name: string; placeholder: boolean }>(
  all: Iterable<T>,
  name: string,
): T[] => {
  const wanted = foldName(name);
  if (wanted === '') return [];
  const grades = new Map<T, number>();
  for (const one of all) {
    const folded = foldName(one.name);
    const words = wordsOf(folded);
    if (!folded.includes(wanted)) continue;
    if (folded === wanted) grades.set(one, 0);
    else if (words.includes(` ${wanted} `)) grades.set(one, 1);
    else if (folded.startsWith(wanted)) grades.set(one, 2);
    else grades.set(one, words.includes(` ${wanted}`) ? 3 : 4);
  }
  const exactMember = [...grades].some(([one, grade]) => grade === 0 && !one.placeholder);
  return best(grades.keys(), (one) => {
    const grade = grades.get(one) ?? null;
    return grade === 0 && !exactMember ? 1 : grade;
  });
};

/** The same for titles: the whole title, else its beginning, else anywhere in it. */
export const titlesCalled = <T>(all: Iterable<T>, title: string, titleOf: (one: T) => string): T[] => {
  const wanted = foldName(title);
  if (wanted === '') return [];
  return best(all, (one) => {
    const folded = foldName(titleOf(one));
    if (!folded.includes(wanted)) return null;
    return folded === wanted ? 0 : folded.startsWith(wanted) ? 1 : 2;
  });
};
