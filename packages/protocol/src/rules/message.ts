import { SYSTEM_TYPES } from '../closed-lists.ts';
import type { Annotations, AnnotationsChange, Content } from '../content.ts';
import type { Message, MessageState } from '../message.ts';

/** The state of a message. One that came before there was a `state`, or from a server of then, shows it by its other fields. */
export const stateOf = (message: Pick<Message, 'state' | 'system' | 'recalledAt'>): MessageState =>
  message.state ?? (message.system ? 'system' : message.recalledAt === null ? 'live' : 'recalled');

export const isRecalled = (message: Pick<Message, 'state' | 'system' | 'recalledAt'>): boolean =>
  stateOf(message) === 'recalled';

/** Whether there is a text in it to show, copy, edit or search. */
export const hasText = <M extends Pick<Message, 'body'>>(message: M): message is M & { body: string } =>
  message.body !== null;

/** The `rev` with which the text last changed: an annotation since then has raised only `rev`. */
export const textRevOf = ({ rev, textRev }: Pick<Message, 'rev' | 'textRev'>): number => textRev ?? rev;

/** The annotations that are held with these put over them; null takes one away. Undefined where none is left. */
export const withAnnotations = (
  held: Annotations | undefined,
  change: AnnotationsChange,
): Annotations | undefined => {
  const all = Object.entries({ ...held, ...change }).filter(([, value]) => value !== null);
  return all.length > 0 ? Object.fromEntries(all) : undefined;
};

/** Only names that are declared: `Record<string, unknown>` beside them says nothing. */
type Declared<T> = keyof { [K in keyof T as string extends K ? never : K]: T[K] };
type All<K extends PropertyKey> = Readonly<Record<K, true>>;

// The compiler asks for a line here where one was added to the schemas, which devices do not load.
const CONTENT: All<Declared<Content>> = {};
const ANNOTATIONS: All<Declared<Annotations>> = {};
const STATES: All<MessageState> = { live: true, recalled: true, system: true };

const isKnown = (known: object, name: string): boolean => Object.hasOwn(known, name);
const areKnown = (known: object, held: object | undefined): boolean =>
  held === undefined || Object.keys(held).every((name) => isKnown(known, name));

/** False where a newer server has put something into it that this version cannot show. It is kept all the same. */
export const isFullyKnown = (message: Message): boolean =>
  isKnown(STATES, stateOf(message)) &&
  (stateOf(message) !== 'live' || hasText(message)) &&
  (message.system === null || SYSTEM_TYPES.includes(message.system.type)) &&
  areKnown(CONTENT, message.content) &&
  areKnown(ANNOTATIONS, message.annotations);
