import { mentionsIn } from '@lockstep/protocol';
import { hasCode } from '@lockstep/protocol/markup';
import { tokensOfMessage } from './message.ts';

/** What is true of a message beside its words. In the index they stand among the words; no word begins with `=`. */
export type Trait = 'link' | 'code' | 'mention' | 'edit';

export const traitLexeme = (trait: Trait): string => `=${trait}`;
export const mentionLexeme = (userId: string): string => `=@${userId.replaceAll('-', '')}`;

const LINK = /\bhttps?:\/\/[^\s<>]|\bwww\.[^\s<>]+\.[^\s<>]/i;

export const traitsOf = (body: string, edited: boolean): Trait[] => {
  const traits: Trait[] = [];
  if (LINK.test(body)) traits.push('link');
  if (hasCode(body)) traits.push('code');
  if (mentionsIn(body).length > 0) traits.push('mention');
  if (edited) traits.push('edit');
  return traits;
};

/** Postgres numbers the places of a word from 1 to this, and keeps at most 256 of them. */
const MAX_AT = 16_383;

/** The text of a `tsvector`: every token with its places, then traits and mentions without any. */
export const toTsvector = (body: string, edited: boolean): string => {
  const positions = new Map<string, string>();
  for (const { text, at } of tokensOfMessage(body)) {
    const known = positions.get(text);
    const position = at < MAX_AT ? at : MAX_AT;
    positions.set(text, known === undefined ? `${position}` : `${known},${position}`);
  }
  let vector = '';
  // Tokens have neither quotes nor backslashes, so that nothing has to be escaped.
  for (const [text, at] of positions) vector += `'${text}':${at} `;
  for (const trait of traitsOf(body, edited)) vector += `'${traitLexeme(trait)}' `;
  for (const userId of mentionsIn(body)) vector += `'${mentionLexeme(userId)}' `;
  return vector;
};
