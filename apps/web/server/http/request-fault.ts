import type { IncomingMessage } from 'node:http';

/** Why a request is refused before anything reads it. */
interface RequestFault {
  status: 303 | 400 | 405 | 414;
  text: string;
  headers?: Record<string, string>;
}

/** Longest target of a request, in bytes; searches and batches of calls are well below. */
const TARGET_BYTES = 12 * 1024;

const READS = new Set(['GET', 'HEAD']);
/** Other methods are for the API only. */
const CALLS = new Set([...READS, 'POST']);

/** Characters of a path as browsers send them; what else there is comes percent-encoded. */
const PATH = /^\/[\x21-\x7e]*$/;
const HOST = /^(?:[a-z0-9](?:[a-z0-9._-]*[a-z0-9.])?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;

/** Headers of Next's router, each with what browsers send in it; `next-router-state-tree` is read as JSON. */
const ROUTER_HEADERS: Record<string, RegExp> = {
  rsc: /^1$/,
  'next-router-prefetch': /^[0-9]$/,
  'next-router-segment-prefetch': /^\/[\w$().,@!~*'/%-]*$/,
  'next-url': /^\/(?!\/)[\x21-\x7e]*$/,
  'next-router-state-tree': /^[\x21-\x7e]+$/,
};
const STATE_DEPTH = 30;
const MODES = new Set<unknown>(['refetch', 'inside-shared-layout', 'metadata-only']);
const PARAM = /^(?:oc|[cd]|[cd]i(?:\(\.{1,3}\)|\(\.\.\)\(\.\.\)))$/;

/**
 * Refuses requests that no browser on our pages sends and that would make Next or the URL parser fail. Null if the
 * request may pass. A path is never decoded twice: if it is not plain UTF-8 after one decoding it is refused.
 */
export const requestFault = ({
  method = '',
  url = '',
  headers,
  rawHeaders,
  httpVersion,
}: Pick<
  IncomingMessage,
  'method' | 'url' | 'headers' | 'rawHeaders' | 'httpVersion'
>): RequestFault | null => {
  if (url.length > TARGET_BYTES) return { status: 414, text: 'The address is too long.' };
  const [path = ''] = url.split(/[?#]/, 1);
  const allowed = path.startsWith('/api/') ? CALLS : READS;
  if (method === 'POST' && headers['sec-fetch-mode'] === 'navigate' && isPlainPath(path)) {
    // A form that was sent before its page was live: the page comes again.
    return { status: 303, text: 'Again.', headers: { Location: url } };
  }
  if (!allowed.has(method)) {
    const Allow = [...allowed].join(', ');
    return { status: 405, text: `Only ${Allow}.`, headers: { Allow } };
  }
  if (!isPlainPath(path) || !/^[\x21-\x7e]*$/.test(url)) return bad('The address cannot be read.');
  const hosts = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host').length;
  if (hosts > 1 || (hosts === 0 && httpVersion !== '1.0')) return bad('One Host header is needed.');
  if (hosts === 1 && !HOST.test(headers.host ?? '')) return bad('The Host header cannot be read.');
  for (const [name, pattern] of Object.entries(ROUTER_HEADERS)) {
    const value = headers[name];
    if (value !== undefined && (typeof value !== 'string' || !pattern.test(value)))
      return bad(`The header ${name} cannot be read.`);
  }
  const state = headers['next-router-state-tree'];
  return state === undefined || isRouterState(String(state)) ? null : bad('The router state cannot be read.');
};

const bad = (text: string): RequestFault => ({ status: 400, text });

const isPlainPath = (path: string): boolean => {
  if (!PATH.test(path) || path.startsWith('//') || path.includes('\\')) return false;
  try {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for
    return !/[\0-\x1f\x7f]/.test(decodeURIComponent(path));
  } catch {
    return false;
  }
};

const isRouterState = (text: string): boolean => {
  try {
    return isState(JSON.parse(decodeURIComponent(text)), 0);
  } catch {
    return false;
  }
};

/** As Next's own check has it (flightRouterStateSchema): what that refuses would be answered with 500. */
const isState = (value: unknown, depth: number): boolean => {
  if (!Array.isArray(value) || value.length > 6 || depth > STATE_DEPTH) return false;
  const [segment, children, refresh = null, mode = null, hints = null, hash = ''] = value as unknown[];
  return (
    isSegment(segment) &&
    typeof children === 'object' &&
    children !== null &&
    !Array.isArray(children) &&
    Object.values(children).every((child) => isState(child, depth + 1)) &&
    (refresh === null || isStrings(refresh, 2)) &&
    (mode === null || MODES.has(mode)) &&
    (hints === null || typeof hints === 'number') &&
    typeof hash === 'string'
  );
};

const isSegment = (value: unknown): boolean => {
  if (typeof value === 'string') return true;
  if (!Array.isArray(value) || value.length !== 4) return false;
  const [name, key, type, siblings] = value as unknown[];
  return (
    isStrings([name, key, type]) && PARAM.test(String(type)) && (siblings === null || isStrings(siblings))
  );
};

const isStrings = (value: unknown, length?: number): boolean =>
  Array.isArray(value) &&
  value.every((one) => typeof one === 'string') &&
  (length === undefined || value.length === length);
