import { z } from 'zod';
import { messageText } from './commands.ts';

/**
 * What belongs to the text of a message, each under a name of its own: a reply, attachments, where it was forwarded from.
 * A new one is a line here and one in rules/message.ts (docs/adr/0015).
 */
const CONTENT = {};

/** As it is read: fields of a newer server are kept, so that a device which knows them later has them. */
export const content = z.looseObject(CONTENT);
export type Content = z.infer<typeof content>;

/** As it is written: only what this version knows. */
const ownContent = z.strictObject(CONTENT);
/** The input of what stores a message, to be spread. */
export const written = { body: messageText, content: ownContent.optional() };

/** What a person wrote, as one value from the composer to the append: the text, and what belongs to it. */
export interface Written {
  readonly body: string;
  readonly content?: z.infer<typeof ownContent> | undefined;
}

/**
 * What was added to a message by others or by the server: reactions, a pin, the summary of a thread, a preview. It changes
 * with a `rev` and touches neither `editedAt` nor earlier texts, unread counts or the search index. A new one is a line here
 * and one in rules/message.ts.
 */
const ANNOTATIONS = {};

export const annotations = z.looseObject(ANNOTATIONS);
export type Annotations = z.infer<typeof annotations>;
/** What is put over those that are held; null takes one away. */
export type AnnotationsChange = { [K in keyof Annotations]?: Annotations[K] | null };
