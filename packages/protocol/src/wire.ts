/** Raised by one when a client of the last version would misread the wire; a test holds the hash of this package. */
export const PROTOCOL_VERSION = 3;

/** Where the calls of the API are: the name of a procedure follows. */
export const API_PATH = '/api/trpc/';
