/** Incremented when a client of the previous version would misread the wire; a test checks the hash of this package. */
export const PROTOCOL_VERSION = 3;

/** Where the calls of the API are: the name of a procedure follows. */
export const API_PATH = '/api/trpc/';
