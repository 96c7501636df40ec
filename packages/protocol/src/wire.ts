/** Where the calls of the API are: the name of a procedure follows. */
export const API_PATH = '/api/trpc/';

/** Which protocol versions one side understands of the other, besides newer ones. */
export interface ProtocolVersions {
  /** An older peer would misread what is said, or be misread. */
  oldest: number;
  /** One's own: the newest. */
  current: number;
}

/**
 * Raised by one when the wire says something that a peer of the version before does not know, such as another type of
 * system event. A test holds the hash of this package.
 */
export const PROTOCOL_VERSION = 4;

/** Raised when a peer of an older version would misread the wire: as a client it is then asked to load itself anew. */
export const OLDEST_VERSION = 3;

export const PROTOCOL_VERSIONS: ProtocolVersions = { oldest: OLDEST_VERSION, current: PROTOCOL_VERSION };

/** The last version that did not say which it is. */
const SILENT_VERSION = 3;

/** On a request the version of the client, on an answer that of the server. */
export const VERSION_HEADER = 'x-lockstep-protocol';

/** What a peer has said of its version, in a header or as it connected. */
export const versionOf = (said: unknown): number => {
  const version = typeof said === 'string' && said !== '' ? Number(said) : said;
  return Number.isInteger(version) ? (version as number) : SILENT_VERSION;
};

/** Only the newer of two peers knows the other, so it decides: whoever is newer than oneself is understood. */
export const isServed = (peer: number, { oldest }: ProtocolVersions): boolean => peer >= oldest;
