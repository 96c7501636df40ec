import { type HistoryRow, uuidv5 } from '@lockstep/db';
import { codePoints, LIMITS, mentionsIn, type SystemEvent } from '@lockstep/protocol';
import { asWritten, readingOf } from '@lockstep/protocol/markup';
import type { IrcEntry } from './irc-file.ts';
import type { People } from './people.ts';
import { split } from './text.ts';

/**
 * The messages of one line: one, or several where it is longer than a message may be. Client ids come from the place
 * of the line, so that the same line is stored once however often it is imported (rule 2).
 */
export const rowsOf = (
  conversationId: string,
  { file, line, at, event }: IrcEntry,
  people: People,
): HistoryRow[] => {
  const lineKey = `${conversationId}\n${file}\n${line}`;
  if (event.kind === 'text' || event.kind === 'action') {
    const senderId = people.id(event.nick);
    const bodies = event.kind === 'text' ? written(event.text) : textOf(event.nick, event.text);
    return bodies.map((body, part) => ({
      senderId,
      clientId: uuidv5(part === 0 ? lineKey : `${lineKey}\n${part}`),
      body,
      system: null,
      createdAt: at,
    }));
  }
  const [senderId, system] = systemOf(event, people);
  return [{ senderId, clientId: uuidv5(lineKey), body: null, system, createdAt: at }];
};

const systemOf = (
  event: Exclude<IrcEntry['event'], { kind: 'text' | 'action' }>,
  people: People,
): [string, SystemEvent] => {
  const person = people.id(event.nick);
  if (event.kind === 'joined') return [person, { type: 'joined', userIds: [person] }];
  if (event.kind === 'left') return [people.id(event.by), { type: 'left', userId: person }];
  return [person, { type: 'topic', topic: event.topic || null }];
};

/** What is stored so that the text is shown as it stands in the log: several pieces where it is too long, or formats too often. */
const written = (text: string, max: number = LIMITS.messageText): string[] =>
  split(text, max).flatMap((piece) => {
    const body = asWritten(piece);
    const fits = body !== null && codePoints(body) <= LIMITS.messageText;
    return fits ? [body] : written(piece, Math.ceil(codePoints(piece) / 2));
  });

/** In italics, by a mark that changes nothing else of the text: `*nick is away*`. */
const textOf = (nick: string, text: string): string[] => {
  const words = `${nick} ${text}`;
  const mark = ['*', '_'].find((char) => {
    const body = char + words + char;
    return (
      codePoints(body) <= LIMITS.messageText &&
      mentionsIn(body).length === 0 &&
      readingOf(body).text === words
    );
  });
  return mark ? [mark + words + mark] : written(words);
};
