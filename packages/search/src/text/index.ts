// Pure, for the server and for devices that search what they hold: imports nothing but the protocol.
export * from './codes.ts';
export * from './lexemes.ts';
export * from './match.ts';
export * from './message.ts';
export * from './terms.ts';
export * from './tokens.ts';
