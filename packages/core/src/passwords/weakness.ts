import type { PasswordWeakness } from '@lockstep/protocol';

/** Number of characters checked: of a longer password both ends, so that the cost is bounded (20 ms at most). */
const CHARACTERS_CHECKED = 32;
/** Scores of zxcvbn below this (fewer than a million guesses) are too weak. */
const MIN_SCORE = 2;

/** Passwords that are common in China, and in no list of the library. */
const COMMON_IN_CHINA = [
  'woaini1314',
  'woaini520',
  'woaini521',
  'woaini1314520',
  'woaini123',
  'woaiwojia',
  'woaimama',
  'aini1314',
  '5201314',
  '1314520',
  '520131400',
  '7758521',
  'wodemima',
  'mima1234',
  'a5201314',
  'zxcvbnm123',
  'wang1234',
  'qq123456',
  'aa123456',
  'as123456',
  '1qaz2wsx3edc',
];

const WARNINGS: Record<string, PasswordWeakness> = {
  topTen: 'common',
  topHundred: 'common',
  common: 'common',
  similarToCommon: 'common',
  pwned: 'common',
  userInputs: 'personal',
  simpleRepeat: 'repeats',
  extendedRepeat: 'repeats',
  sequences: 'sequence',
  straightRow: 'sequence',
  keyPattern: 'sequence',
};

export interface PasswordOwner {
  name: string;
  /** Lower case. */
  email: string;
}

/** Loaded with its lists of words at the first use: 25 ms and 8 MB. */
const load = async () => {
  const [{ ZxcvbnFactory }, common] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
  ]);
  return new ZxcvbnFactory({
    dictionary: {
      ...common.dictionary,
      // Added to the library's list of common passwords.
      'passwords-common': [...COMMON_IN_CHINA, ...common.dictionary['passwords-common']],
    },
    graphs: common.adjacencyGraphs,
    maxLength: CHARACTERS_CHECKED,
  });
};
let loading: ReturnType<typeof load> | undefined;

/** Why a password is too easy to guess, also for somebody who knows whose it is; null when it is good enough. */
export const weaknessOf = async (
  password: string,
  owner: Partial<PasswordOwner>,
): Promise<PasswordWeakness | null> => {
  loading ??= load();
  const zxcvbn = await loading;
  // Normalised as for hashing, so that every keyboard gives the same password.
  const text = [...password.normalize('NFKC')];
  const ends = [text.slice(0, CHARACTERS_CHECKED).join(''), text.slice(-CHARACTERS_CHECKED).join('')];
  const { feedback, score } = ends
    .slice(0, text.length > CHARACTERS_CHECKED ? 2 : 1)
    .map((end) => zxcvbn.check(end, wordsOf(owner)))
    .reduce((a, b) => (b.score > a.score ? b : a));
  return score >= MIN_SCORE ? null : (WARNINGS[feedback.warning ?? ''] ?? 'guessable');
};

const wordsOf = ({ name = '', email = '' }: Partial<PasswordOwner>): string[] => [
  'lockstep',
  name,
  ...name.split(/\s+/),
  email,
  ...email.split('@'),
  ...email.split(/[@.+_-]/),
];
