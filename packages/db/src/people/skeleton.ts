import { fold } from '@lockstep/protocol';
import unhomoglyph from 'unhomoglyph';

/** Accents, and what shows nothing. Vowel signs stay: in many scripts they make another name. */
const UNSEEN =
  /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]|\p{Default_Ignorable_Code_Point}/gu;
/** Spaces, hyphens, full stops and pictures do not make another name. */
const BESIDE = /[^\p{L}\p{M}\p{N}]/gu;

const bare = (text: string): string => text.normalize('NFKD').replace(UNSEEN, '');

/**
 * UTS 39, section 4: each letter becomes the one that it looks like (I, l and 1; Cyrillic а and a), and m becomes rn. Two v
 * are not in there.
 */
const appearance = (text: string): string =>
  bare(unhomoglyph(bare(text)))
    .replaceAll('vv', 'w')
    .replaceAll('VV', 'W');

const withoutBeside = (text: string): string => text.replace(BESIDE, '');

/**
 * How a name looks: two names look alike when they have one of these in common. One is of the name as it is written
 * (Ian = lan), one without regard to case (ANN = ann): together in one, Ian would be Lan.
 */
export const skeletonsOf = (name: string): string[] => {
  // Only as it is written: in small letters cl is like d, but Clara is not like Dara.
  const written = withoutBeside(appearance(name).replaceAll('cl', 'd')) || name;
  const folded = withoutBeside(appearance(fold(name))).toLowerCase() || fold(name);
  return [`=${written}`, `~${folded}`];
};
