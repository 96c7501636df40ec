/** Limits that both sides check. Counts are of Unicode code points unless a name says otherwise. */
export const LIMITS = {
  /** Longest text of one message, in characters as people count them (length.ts). */
  messageText: 8_000,
  /** The same in code points: emoji of several of them count as one above. */
  messageCodePoints: 16_000,
  /** Longest draft: a text too long to send is still kept. */
  draftText: 40_000,
  /** Entries in one page of anything that is paged. */
  page: 100,
  /** Entries in one page of the inbox: the list of most people is one page. */
  inboxPage: 1_000,
  /** Timelines whose changes one pull of the inbox may ask for. */
  inboxTimelines: 20,
  /** Changes of these timelines that it brings at most, all together: what a device misses in an ordinary night. */
  inboxChanges: 1_000,
  /** Maximum changes of people served to a device; after more it refetches everyone it holds. */
  peopleChanges: 1_000,
  /** Read receipts are sent in conversations with fewer members than this. */
  receiptMembers: 50,
  /** People that one message can mention; further ones are plain text. */
  mentions: 50,
  deviceName: 60,
  /** Why an admin looks into message history. */
  reason: 300,
  /** Members of one group; public and private channels have no such limit. */
  groupMembers: 1_000,
  /** People that one call may add at once. */
  addMembers: 100,
  conversationTitle: 80,
  conversationTopic: 250,
  personName: 60,
  email: 254,
  passwordMin: 8,
  passwordMax: 128,
  /** A search-as-you-type query. */
  query: 100,
  /** A search for messages, in UTF-16 units, and its parts; the rest is cut and reported. */
  searchText: 500,
  searchClauses: 32,
  /** Searches that are remembered for a person: the oldest goes. */
  recentSearches: 20,
  /** Saved searches of a person; one more is refused. */
  savedSearches: 100,
  searchName: 60,
  /** Hits in one page of a search. */
  searchPage: 50,
  /** Largest frame that a socket client may send, in bytes. */
  socketFrameBytes: 16 * 1024,
  /** Largest body of one HTTP request to the API, in bytes. */
  requestBytes: 256 * 1024,
  /** People whose presence one socket may watch. */
  watchedPeople: 200,
} as const;

/** Changes after the index that one search reads directly at most. */
export const SEARCH_TAIL = 5_000;

/** People, and conversations, that the facets of a search name at most. */
export const SEARCH_FACETS = 20;
