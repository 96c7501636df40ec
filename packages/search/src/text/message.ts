import { fold } from '@lockstep/protocol';
import { type Reading, readingOf } from '@lockstep/protocol/markup';
import { codesOf } from './codes.ts';
import { cutTo } from './cut.ts';
import { type Token, tokensOf } from './tokens.ts';

/** Words of an address do not follow those of the text: phrases end before it. */
const GAP = 16;
/** A word with stars in it, such as in*fin*ite, is found as the word, too. */
const STARRED = /\p{L}+(?:\*{1,2}\p{L}+){1,8}/gu;

let last: { body: string; reading: Reading } | null = null;

/** How a message reads: without the signs of formatting, the addresses of its links behind the text. */
const read = (body: string): Reading => {
  if (last?.body !== body) last = { body, reading: readingOf(body, { addresses: 'last', entities: true }) };
  return last.reading;
};

/** What can be found of a message: what it reads as. `from` and `to` are places in the text as it was typed. */
export const tokensOfMessage = (body: string): Token[] => {
  const reading = read(body);
  const tokens = withStarred(reading.text, tokensOf(reading.text));
  if (reading.text === body) return tokens;
  return tokens.map((token) => {
    const [from, to] = reading.typed(token.from, token.to);
    return { ...token, at: token.from < reading.end ? token.at : token.at + GAP, from, to };
  });
};

/** The codes of a message, as it reads. */
export const codesOfMessage = (body: string): string | null => codesOf(read(body).text);

const withStarred = (text: string, tokens: Token[]): Token[] => {
  if (!text.includes('*')) return tokens;
  let found = tokens;
  for (const { 0: word, index } of text.matchAll(STARRED)) {
    const first = found.findIndex(({ from }) => from === index);
    const token = found[first];
    if (!token || token.gram) continue;
    if (found === tokens) found = tokens.slice();
    const whole = {
      ...token,
      text: cutTo(fold(word.replaceAll('*', '')), token.text.length + 80),
      to: index + word.length,
    };
    found.splice(first + 1, 0, whole);
  }
  return found;
};
