import { type HistoryRow, uuidv5 } from '@lockstep/db';
import { LIMITS, type SystemEvent } from '@lockstep/protocol';
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
  const place = `${conversationId}\n${file}\n${line}`;
  if (event.kind === 'text' || event.kind === 'action') {
    const senderId = people.id(event.nick);
    const text = event.kind === 'text' ? event.text : told(event.nick, event.text);
    return split(text, LIMITS.messageText).map((body, part) => ({
      senderId,
      clientId: uuidv5(part === 0 ? place : `${place}\n${part}`),
      body,
      system: null,
      createdAt: at,
    }));
  }
  const [senderId, system] = systemOf(event, people);
  return [{ senderId, clientId: uuidv5(place), body: null, system, createdAt: at }];
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

/** In italics, by the mark that the text itself does not use: `*nick is away*`. */
const told = (nick: string, text: string): string => {
  const words = `${nick} ${text}`;
  const mark = ['*', '_'].find((char) => !words.includes(char)) ?? '';
  return `${mark}${words}${mark}`;
};
