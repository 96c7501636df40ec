export { safeHref } from './addresses.ts';
export { asWritten } from './as-written.ts';
export { MARKUP_BOUNDS } from './bounds.ts';
export { looksLikeCode } from './code-like.ts';
export * from './nodes.ts';
export { parseMarkup } from './parse.ts';
export * from './reading.ts';
export { hasCode } from './traits.ts';
