import { foldName, hasNameWords, type KnownNames, type SearchClause } from '@lockstep/protocol';
import type { DeviceState } from './state.ts';

/** Names of people and titles of conversations, as a device knows them: where a filter that is typed ends. */
export interface DeviceNames extends KnownNames {
  /** Whether a filter that stands at the end of the text, from its name on, may be written on. */
  isOpen(clause: SearchClause, tail: string): boolean;
}

/** Without spaces at its end, those of a name that goes on are lost. */
const foldStart = (text: string): string => (/\s$/u.test(text) ? `${foldName(text)} ` : foldName(text));

/** Whether a name, or a word in it, begins so. */
export const beginsName = (name: string, start: string): boolean => {
  const wanted = foldStart(start);
  return foldName(name)
    .split(/[\s#]+/u)
    .some((_, i, words) => words.slice(i).join(' ').startsWith(wanted));
};

const VALUE = /^[-－−]?\p{L}{2,12}[:：]\s*[@＠#＃]?(?=[^"“”„「『<])/u;
const MONTH = /^(?!today$|yesterday$)[a-z]+(?:-\d{2})?$/;
/** Behind a month come a day and a year, behind a year a month and a day. */
const OPEN_MONTH = /^(?:\p{L}+|\p{L}+ \d{1,2},?|\d{1,2}(?:st|nd|rd|th)? \p{L}+,?)\s\d{0,4}$/u;
const OPEN_YEAR = /^\d{4}\s(?:\p{L}{0,3}|\p{L}+\s\d{0,2})$/u;

export const deviceNames = (people: () => Iterable<string>, titles: () => Iterable<string>): DeviceNames => {
  const some = (names: () => Iterable<string>, fits: (name: string) => boolean): boolean => {
    for (const name of names()) if (fits(name)) return true;
    return false;
  };
  return {
    isPerson: (name) => some(people, (one) => hasNameWords(one, name)),
    isTitle: (title) => some(titles, (one) => hasNameWords(one, title)),
    isOpen: (clause, tail) => {
      const start = tail.replace(VALUE, '');
      if (start === tail) return false;
      if (clause.kind === 'date')
        return (MONTH.test(clause.when) && OPEN_MONTH.test(start)) || OPEN_YEAR.test(start);
      const goesOn = (name: string) => foldName(name) !== foldName(start) && beginsName(name, start);
      if (clause.kind === 'in' && 'title' in clause.where) return some(titles, goesOn);
      const who =
        clause.kind === 'in'
          ? 'person' in clause.where && clause.where.person
          : 'who' in clause && clause.who;
      return who !== false && 'name' in who && some(people, goesOn);
    },
  };
};

export const namesIn = ({ people, inbox }: Pick<DeviceState, 'people' | 'inbox'>): DeviceNames =>
  deviceNames(
    function* () {
      for (const { name } of people.values()) yield name;
    },
    function* () {
      for (const { conversation } of inbox.values()) if (conversation.title) yield conversation.title;
    },
  );
