import { isKey, type Key } from './cast.ts';
import type { Random } from './random.ts';

export interface Line {
  /** A person, or a role such as `x` that is cast anew each time. */
  who: string;
  body: string;
  /** The text before an edit. */
  was: string | null;
  recalled: boolean;
}

export interface Thread {
  parts: ReadonlyMap<string, readonly Key[]>;
  /** Used once; others are repeated with other people, places and numbers. */
  once: boolean;
  /** Belongs to the last days. */
  recent: boolean;
  /** Of whom a direct conversation is; one for notes. Empty elsewhere. */
  between: readonly Key[];
  lines: readonly Line[];
}

export interface CastLine {
  who: Key;
  body: string;
  was: string | null;
  recalled: boolean;
}

/**
 * Reads threads separated by `---`; those after `===` are recent. The first line may say `with x=ann,bo y=…` and
 * `once`, or `pair ann bo`, `notes ann`, and `last`. A line `name: text` begins a message, others go on with it;
 * `!was …` marks it as edited, `!recalled` as recalled.
 */
export const parseThreads = (source: string): Thread[] =>
  source
    .split(/^===$/m)
    .flatMap((part, index) => part.split(/^---$/m).map((text) => parseThread(text.trim(), index > 0)))
    .filter(({ lines }) => lines.length > 0);

const parseThread = (text: string, recent: boolean): Thread => {
  const rows = text.split('\n');
  const head = /^(with|pair|notes) /.test(rows[0] ?? '') ? (rows.shift() as string).split(' ') : [];
  const parts = new Map<string, Key[]>();
  for (const word of head) {
    const [part, people] = word.split('=');
    if (part && people) parts.set(part, people.split(',').filter(isKey));
  }
  const lines: Line[] = [];
  for (const row of rows) {
    const begin = /^(\[\[[a-z|]+\]\]|[a-z]+): (.*)$/.exec(row);
    const last = lines.at(-1);
    if (begin && isSpeaker(begin[1] as string, parts))
      lines.push({ who: begin[1] as string, body: begin[2] as string, was: null, recalled: false });
    else if (!last) throw new Error(`Not the beginning of a message: "${row}"`);
    else if (row === '!recalled') last.recalled = true;
    else if (row.startsWith('!was ')) last.was = row.slice(5).replaceAll('\\n', '\n');
    else last.body += `\n${row}`;
  }
  return {
    parts,
    once: head.includes('once'),
    recent: recent || head.includes('last'),
    between: head[0] === 'pair' || head[0] === 'notes' ? head.slice(1).filter(isKey) : [],
    lines,
  };
};

const isSpeaker = (word: string, parts: ReadonlyMap<string, unknown>) =>
  isKey(word) || parts.has(word) || word.startsWith('[[');

const SLOTS: Record<string, (random: Random) => string> = {
  park: (random) => random.pick(PARKS),
  device: (random) =>
    random.pick(['Galaxy XCover 7', 'iPhone 13 mini', 'Fairphone 5', 'iPad mini', 'Moto G54']),
  num: (random) => String(random.int(12, 97)),
  ms: (random) => String(random.int(110, 940)),
  ticket: (random) => `TH-${random.int(1_100, 1_980)}`,
  version: (random) => `1.9.${random.int(2, 14)}`,
};

export const PARKS = [
  'Rila',
  'Retezat',
  'Serra da Estrela',
  'Triglav',
  'Ordesa',
  'Picos de Europa',
  'Rondane',
  'Hohe Tauern',
  'Durmitor',
  'Huangshan',
] as const;

/** One use of a thread: roles are cast without duplicates, `[[slots]]` and `[[this|that]]` chosen, each once. */
export const castThread = ({ parts, lines }: Thread, random: Random): CastLine[] => {
  const cast = new Map<string, Key>();
  const taken = new Set<string>(lines.map(({ who }) => who).filter(isKey));
  for (const [part, people] of parts) {
    const free = people.filter((key) => !taken.has(key));
    const key = random.pick(free.length > 0 ? free : people);
    cast.set(part, key);
    taken.add(key);
  }
  const chosen = new Map<string, string>();
  const choose = (text: string) =>
    text.replace(/\[\[([^[\]\n]+)\]\]/g, (_, inner: string) => {
      const known = chosen.get(inner);
      if (known !== undefined) return known;
      const value = SLOTS[inner]?.(random) ?? random.pick(inner.split('|'));
      chosen.set(inner, value);
      return value;
    });
  return lines.map(({ who, body, was, recalled }) => ({
    who: cast.get(who) ?? (choose(who) as Key),
    body: choose(body),
    was: was === null ? null : choose(was),
    recalled,
  }));
};
