import { type ConversationTrait, kindsWith } from '@lockstep/protocol';

/** SQL: whether a conversation, whose kind is in this column, has a trait of its kind. */
export const kindHas = (column: string, trait: ConversationTrait): string =>
  `${column} in (${kindsWith(trait)
    .map((kind) => `'${kind}'`)
    .join(', ')})`;
