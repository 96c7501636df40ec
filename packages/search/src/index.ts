/** A change that an index has to follow; it reads the messages themselves from the store. */
export interface IndexChange {
  conversationId: string;
  /** Everything after this `rev` up to the head. */
  afterRev: number;
}

/** Port to a search engine. The engines and their contract suite are still to come; nothing uses it yet. */
export interface SearchIndex {
  apply(changes: IndexChange[]): Promise<void>;
}
