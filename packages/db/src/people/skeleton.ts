import { fold } from '@lockstep/protocol';
import unhomoglyph from 'unhomoglyph';

/** Accents and invisible characters are ignored. Vowel signs are kept: in many scripts they distinguish names. */
const UNSEEN =
  /[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]|\p{Default_Ignorable_Code_Point}/gu;
/** Spaces, hyphens, full stops and emoji are ignored. */
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
 * The skeletons of a name: two names look alike if they share one. One skeleton is case-sensitive (Ian = lan), one
 * ignores case (ANN = ann); a single combined one would make Ian equal to Lan.
 */
export const skeletonsOf = (name: string): string[] => {
  // Only as it is written: in small letters cl is like d, but Clara is not like Dara.
  const written = withoutBeside(appearance(name).replaceAll('cl', 'd')) || name;
  const folded = withoutBeside(appearance(fold(name))).toLowerCase() || fold(name);
  return [`=${written}`, `~${folded}`];
};
