import type { IncomingMessage, ServerResponse } from 'node:http';
import { brotliCompress, constants, gzip } from 'node:zlib';

/** Smaller answers fit into few packets anyway. In bytes. */
const THRESHOLD = 4 * 1024;

type Compress = (body: Buffer, done: (error: Error | null, result: Buffer) => void) => void;

/**
 * In order of preference. The levels take a few milliseconds per megabyte; the main use is the list of a new device.
 */
const ENCODINGS: Record<string, Compress> = {
  br: (body, done) =>
    brotliCompress(
      body,
      {
        params: {
          [constants.BROTLI_PARAM_QUALITY]: 4,
          [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
          [constants.BROTLI_PARAM_SIZE_HINT]: body.length,
        },
      },
      done,
    ),
  gzip: (body, done) => gzip(body, { level: 5 }, done),
};

/** The encodings that the client accepts (not those with `q=0`). */
const encodingOf = (req: IncomingMessage): string | undefined => {
  const accepted = String(req.headers['accept-encoding'] ?? '')
    .split(',')
    .map((item) => item.trim().split(/\s*;\s*/))
    .filter(([, quality]) => !/^q=0(\.0*)?$/.test(quality ?? ''))
    .map(([name]) => name);
  return Object.keys(ENCODINGS).find((encoding) => accepted.includes(encoding));
};

/**
 * Compresses an answer above 4 KB on the thread pool, if the client accepts that. Answers of the API are never
 * streamed, so the whole answer is buffered first; `onBody` gets its size. Not used on the hot path, where answers
 * are small.
 */
export const compressAnswer = (
  req: IncomingMessage,
  res: ServerResponse,
  onBody: (bytes: number) => void = () => {},
): void => {
  const encoding = encodingOf(req);
  const compress = encoding && ENCODINGS[encoding];
  const end = res.end.bind(res) as (body?: Buffer) => ServerResponse;
  const chunks: Buffer[] = [];
  const gather = (chunk: unknown) => {
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk as string));
  };
  const finish = (body: Buffer) => {
    const vary = res.getHeader('vary');
    res.setHeader('vary', vary ? `${vary}, accept-encoding` : 'accept-encoding');
    res.setHeader('content-length', body.length);
    end(body);
  };

  res.write = ((chunk: unknown) => {
    gather(chunk);
    return true;
  }) as typeof res.write;
  res.end = ((chunk?: unknown) => {
    gather(chunk);
    const body = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
    onBody(body.length);
    if (!compress || body.length < THRESHOLD) {
      finish(body);
      return res;
    }
    compress(body, (error, result) => {
      if (!error) res.setHeader('content-encoding', encoding);
      finish(error ? body : result);
    });
    return res;
  }) as typeof res.end;
};
