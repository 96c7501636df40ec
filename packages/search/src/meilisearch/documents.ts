import { mentionsIn, type TextMessage, textRevOf } from '@lockstep/protocol';
import { codesOfMessage, type Term, tokensOfMessage, traitsOf } from '../text/index.ts';

/**
 * The document of a message in Meilisearch: our own tokens as words, so that both engines split texts in the same
 * way, and codes as trigrams, since Meilisearch finds only prefixes of words. Every word is written in letters and
 * digits that it does not split further.
 */
export interface MeiliDocument {
  id: string;
  conversation: string;
  seq: number;
  rev: number;
  sender: string;
  /** In ms since 1970. */
  at: number;
  words: string;
  grams: string;
  traits: string[];
  mentions: string[];
}

export const documentId = (conversationId: string, seq: number): string => `${conversationId}_${seq}`;

export const toDocument = (message: TextMessage): MeiliDocument => {
  const { body } = message;
  return {
    id: documentId(message.conversationId, message.seq),
    conversation: message.conversationId,
    seq: message.seq,
    rev: textRevOf(message),
    sender: message.senderId,
    at: message.createdAt,
    words: [...new Set(tokensOfMessage(body).map(({ text }) => wordOf(text)))].join(' '),
    grams: [...new Set(gramsOf(codesOfMessage(body) ?? '').map(wordOf))].join(' '),
    traits: traitsOf(body, message.editedAt !== null),
    mentions: mentionsIn(body),
  };
};

/** Plain words as they are; anything that a tokeniser might split or fold, by its code points. */
const wordOf = (text: string): string =>
  /^[a-z0-9]+$/.test(text) ? text : `x${[...text].map((one) => one.codePointAt(0)?.toString(36)).join('z')}`;

const gramsOf = (codes: string): string[] =>
  codes
    .split(' ')
    .flatMap((code) => Array.from({ length: Math.max(0, code.length - 2) }, (_, i) => code.slice(i, i + 3)));

/** It looks at ten words of a query. */
const MAX_WORDS = 10;
/** Questions that one search is at most split into. */
const MAX_QUESTIONS = 50;

/**
 * Questions of which every hit of these terms answers one. They ask for less than the terms, as each hit is looked at
 * again: ten words, and one of them by its beginning. A code is looked for from within, and as words; a word that was
 * widened is one of several, and asked for in their place where there is nothing better to ask for.
 */
export const questionsOf = (terms: Term[]): string[] => {
  const words = new Set<string>();
  let beginning: string | null = null;
  let alternatives: string[][] | null = null;
  for (const { parts, code, exact } of terms) {
    const asked = parts.filter(({ texts, prefix }) => texts.length === 1 && !prefix);
    if (code !== null) {
      const typed = gramsOf(code).map(wordOf);
      alternatives ??= exact ? [typed] : [typed, asked.map(({ texts }) => wordOf(texts[0] as string))];
      continue;
    }
    for (const { texts } of asked) words.add(wordOf(texts[0] as string));
    for (const { texts, prefix } of parts) {
      if (prefix && texts.length === 1) beginning ??= wordOf(texts[0] as string);
      else if (texts.length > 1 && !prefix) alternatives ??= texts.map((text) => [wordOf(text)]);
    }
  }
  const question = (more: string[]) =>
    [
      ...[...new Set([...more, ...words])]
        .slice(0, MAX_WORDS - (beginning === null ? 0 : 1))
        .map((word) => `"${word}"`),
      ...(beginning === null ? [] : [beginning]),
    ].join(' ');
  if (alternatives === null || alternatives.length > MAX_QUESTIONS) return [question([])];
  return [...new Set(alternatives.map(question))];
};
